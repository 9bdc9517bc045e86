-- What waits for its time: a sorted set whose members are in the order of time due (19
-- characters), number (16), and id of the event (16 bytes), and a hash from the id to
-- time, number, token of the one who added it (4 bytes), and the event.
local schedule, waiting = KEYS[1] .. ':schedule', KEYS[1] .. ':waiting'
local PLACE = 19 + 16

local function take_out(id, value)
	redis.call('ZREM', schedule, string.sub(value, 1, PLACE) .. id)
	redis.call('HDEL', waiting, id)
end
