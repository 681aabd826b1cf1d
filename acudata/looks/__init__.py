"""How things show themselves, in a notebook as HTML and in a terminal as text; nothing is asked of the ERP for it.

What is shown may have been written by anybody into the ERP. In HTML all of it is escaped, styles are inline, there is
no script and nothing is loaded; characters that steer a terminal, or hide in a text, are written out.
"""
