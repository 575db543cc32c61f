"""What every service agrees on: messages, workflows, routing keys and error codes.

Imports nothing else of ours. A message's version is in its routing key (`<context>.<fact>.v1`).
"""
