-- What processes keep: a hash for each; and for each kind the keys, the keys in each status,
-- and what is due, as sorted sets that are compared byte by byte. A member of the last is
-- the time, as long as those of the schedule, and the key. Kinds and keys may have colons,
-- so the length of the first says where it ends.
local function of_kind(what, process)
	return KEYS[1] .. ':' .. what .. ':' .. #process .. ':' .. process
end

local function process_key(process, key)
	return of_kind('process', process) .. ':' .. key
end

local function process_row(process, key)
	local row = redis.call('HMGET', process_key(process, key), 'version', 'status', 'state', 'due', 'created', 'changed')
	return row[1] and { key, row[1], row[2], row[3], row[4], row[5], row[6] }
end
