"""How fast is it, next to what the database can do and what an ordinary project does?"""
