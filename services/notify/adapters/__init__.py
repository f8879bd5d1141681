"""How notify keeps its data, words its mails and speaks to the mail server."""
