-- Finds stretches of the log that may have events of a time, from a position on, upwards or
-- downwards.
-- KEYS: prefix. ARGV: whether downwards, position, lowest time, highest time (in units of
-- 2^20 microseconds).
-- Answers where to go on, or 0 if nothing is left, then first and last position of each
-- stretch.
local PAGE, MOST_LOOKED_AT, MOST_FOUND = 100, 2000, 64
local downwards, from, low, high = ARGV[1] == '1', ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local key = KEYS[1] .. ':index:times'
local answer = { '0' }
local looked_at, previous = 0, nil

local function look(stretches)
	for _, item in ipairs(stretches) do
		local s = unpack_stretch(item)
		looked_at = looked_at + 1
		if s.low > high or s.high < low then
			previous = nil
		elseif previous and downwards then
			answer[#answer - 1] = text(s.first)
		elseif previous then
			answer[#answer] = text(s.last)
		else
			answer[#answer + 1] = text(s.first)
			answer[#answer + 1] = text(s.last)
			previous = true
		end
		from = downwards and '(' .. text(s.first) or '(' .. text(s.last)
	end
end

if not downwards then
	look(redis.call('ZREVRANGEBYSCORE', key, from, '-inf', 'LIMIT', 0, 1))
	-- that one may end in front of the position
	if string.sub(from, 1, 1) ~= '(' then
		from = '(' .. text(tonumber(from) - 1)
	end
end
local more = true
while more do
	local stretches = redis.call(downwards and 'ZREVRANGEBYSCORE' or 'ZRANGEBYSCORE', key, from,
		downwards and '-inf' or '+inf', 'LIMIT', 0, PAGE)
	look(stretches)
	more = #stretches == PAGE
	if more and (looked_at >= MOST_LOOKED_AT or #answer > 2 * MOST_FOUND) then
		local place = tonumber(string.sub(from, 2))
		answer[1] = text(downwards and place - 1 or place + 1)
		return answer
	end
end
return answer
