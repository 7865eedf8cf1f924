"""Checking answers: how far each is right, and which known mistake explains it.

An answer is read (`derive.answers`), compared with the true value, with what
follows from the member's own earlier answers, and with what each known mistake
leads to. Nothing here knows words or formats: a result is data.
"""
