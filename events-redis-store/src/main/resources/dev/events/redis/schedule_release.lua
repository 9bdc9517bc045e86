-- Moves what is due into the log.
-- KEYS: prefix. ARGV: a token, limit. Answers the time, when the next one is due (or
-- nothing), and the types of the events that were appended.
local time = now()
local after = '(1' .. string.format('%018.0f', time + 1)
local due = redis.call('ZRANGEBYLEX', schedule, '-', after, 'LIMIT', 0, ARGV[2])
local events, values, types = {}, {}, {}
for i, member in ipairs(due) do
	local value = redis.call('HGET', waiting, string.sub(member, PLACE + 1))
	values[i] = value
	events[i] = string.sub(value, PLACE + 5)
end
if #events > 0 then
	local positions = append(KEYS[1] .. ':log', KEYS[1] .. ':ids', KEYS[1] .. ':head', ARGV[1], events, 1)
	if positions.err then
		return positions
	end
	for i, event in ipairs(events) do
		take_out(string.sub(event, 1, 16), values[i])
		if positions[1] > 0 or positions[i + 1] > 0 then
			-- the first of the strings behind id, format, flags and timestamp
			local length, start = string.byte(event, 27), 28
			if length >= 128 then
				length, start = length - 128 + 128 * string.byte(event, 28), 29
			end
			types[#types + 1] = string.sub(event, start, start + length - 1)
		end
	end
end
local next = redis.call('ZRANGEBYLEX', schedule, '-', '+', 'LIMIT', 0, 1)[1]
local answer = { text(time), next and string.sub(next, 1, 19) or '' }
for i, type in ipairs(types) do
	answer[i + 2] = type
end
return answer
