-- KEYS: prefix. ARGV: kind, key. Answers the process, if there is one.
return { process_row(ARGV[1], ARGV[2]) or nil }
