"""Budgets: how much may be used in a day or a month, and what happens when it is.

`periods` and `rules` are pure: when a period begins, and whether something may still be sent. `gate` asks them in the
transaction that keeps what is to be sent; `kept` is what a person does with budgets.
"""
