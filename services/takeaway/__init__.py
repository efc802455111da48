"""What can be carried away and brought in again: a zip that needs no server, and the way back.

Taking away: a selection of the library, `export`, `zip_stream`. One generation as plain data is `record`, the page to
look at it `viewer`, words in the mp4s `mp4_words`. Bringing in: `sources` opens what a stranger may have made, `found`
says what it holds, `arrival` judges what that says, `bringing` keeps it once. `takeaway` is the door to both.
"""
