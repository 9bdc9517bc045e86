-- Answers the server's time.
return { text(now()) }
