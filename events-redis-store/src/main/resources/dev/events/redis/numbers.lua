-- Lua writes large numbers as 1e+15; positions and times must stay whole.
local function text(number)
	return string.format('%.0f', number)
end

-- The store's clock, in microseconds.
local function now()
	local time = redis.call('TIME')
	return time[1] * 1000000 + time[2]
end

-- Redis refuses a script only at its first write when memory is used up, and only if that
-- write may need more. Leases and progress must go on then, so this comes first.
local function write_although_memory_is_full()
	redis.call('HDEL', KEYS[1] .. ':none', '-')
end
