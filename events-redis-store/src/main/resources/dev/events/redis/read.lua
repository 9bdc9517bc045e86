-- Reads events at positions, until they have become large.
-- KEYS: prefix. ARGV: positions.
-- Answers how many positions it has looked at, then the entries that are there.
local MOST_BYTES = 8388608
local log = KEYS[1] .. ':log'
local answer, bytes = { 0 }, 0
for i = 1, #ARGV do
	local id = ARGV[i] .. '-0'
	local entry = redis.call('XRANGE', log, id, id)[1]
	answer[1] = i
	if entry then
		answer[#answer + 1] = entry
		bytes = bytes + #entry[2][2]
		if bytes >= MOST_BYTES then
			break
		end
	end
end
return answer
