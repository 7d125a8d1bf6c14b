"""A workshop: a room of people guesses, chooses and argues; what it answered, and the future that follows from it.

``session`` holds questions and ready sessions, ``known`` the numbers a room may guess and the outcomes a lever
moves, ``store`` keeps workshops and answers in a database, ``summary`` tells what the room said.
"""
