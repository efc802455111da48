"""What is typed before it is sent: drafts, kept on the server as they are typed, and the composer's pure core.

The core knows no database, network, thread or clock. `fields` is what a person chose, `compose` the text that says it,
`checks` what does not fit, `controls` what a model's name, words or extra fields carry; the rest is built on these.
"""
