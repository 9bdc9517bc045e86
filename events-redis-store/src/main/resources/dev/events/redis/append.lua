-- Appends events, those of several publishers at once.
-- KEYS: log, ids, head. ARGV: for each publisher a token of its append, how many events, and
-- the events, each beginning with its id of 16 bytes.
-- Answers as append does, for the events of all of them in their order. What an earlier try
-- with the same token has appended counts as appended. An error is everybody's: nothing is
-- written then.
local log, ids, head = KEYS[1], KEYS[2], KEYS[3]
if #ARGV == tonumber(ARGV[2]) + 2 then
	return append(log, ids, head, ARGV[1], ARGV, 3)
end
local events, tokens, n, i = {}, {}, 0, 1
while i < #ARGV do
	local token, last = ARGV[i], i + 1 + tonumber(ARGV[i + 1])
	for j = i + 2, last do
		n = n + 1
		events[n], tokens[n] = ARGV[j], token
	end
	i = last + 1
end
return append(log, ids, head, tokens, events, 1)
