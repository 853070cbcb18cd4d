"""The pages: how does a person find an event, and read it in words?"""
