-- Makes a step of a process.
-- KEYS: prefix. ARGV: kind, key, version expected, new version, milliseconds for which a
-- deletion is remembered, whether it stays, status, state, time due or an empty string, the
-- delivery (an empty string for none, 'log' or 'stored'; subscription, partition, epoch and
-- node of its lease; position), token of the append, events.
-- Answers -2 if the delivery is over, -1 if the process is of another version; else 0 without events, and with events what
-- append.lua does. New versions are random, so one that is there already, or was deleted
-- by it, tells that an earlier try was the one.
local kind, key, expected, version = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local stays, status, state, due = ARGV[6] == '1', ARGV[7], ARGV[8], ARGV[9]
local TOKEN, EVENTS = 16, 17
local row = process_key(kind, key)
local deletion = KEYS[1] .. ':process-deleted:' .. version

local function is_open(from, subscription, n, epoch, node, position)
	local cursor = redis.call('HMGET', KEYS[1] .. ':subscription:' .. subscription, 'epoch' .. n, 'owner' .. n,
		'position' .. n)
	if cursor[1] ~= epoch or cursor[2] ~= node then
		return false
	end
	if from == 'stored' then
		return redis.call('HEXISTS', deliveries_of(subscription).states, position) == 1
	end
	return tonumber(cursor[3]) < tonumber(position)
end

local known = redis.call('HMGET', row, 'version', 'status', 'due')
local again = known[1] == version or not known[1] and redis.call('EXISTS', deletion) == 1
if not again and ARGV[10] ~= '' and not is_open(ARGV[10], ARGV[11], ARGV[12], ARGV[13], ARGV[14], ARGV[15]) then
	return { -2 }
end
if not again and (known[1] or '0') ~= expected then
	return { -1 }
end
local answer = { 0 }
if #ARGV >= EVENTS then
	-- first, for it may be refused when memory is full; then nothing is written yet
	answer = append(KEYS[1] .. ':log', KEYS[1] .. ':ids', KEYS[1] .. ':head', ARGV[TOKEN], ARGV, EVENTS)
	if answer.err then
		return answer
	end
elseif not stays then
	write_although_memory_is_full()
end
if again then
	return answer
end

local function status_key(of)
	return of_kind('process-status', kind) .. ':' .. of
end
if known[2] and (not stays or known[2] ~= status) then
	redis.call('ZREM', status_key(known[2]), key)
	if redis.call('EXISTS', status_key(known[2])) == 0 then
		redis.call('SREM', of_kind('process-statuses', kind), known[2])
	end
end
if known[3] and (not stays or known[3] ~= due) then
	redis.call('ZREM', of_kind('process-due', kind), known[3] .. key)
end
if not stays then
	if known[1] then
		redis.call('DEL', row)
		redis.call('ZREM', of_kind('process-keys', kind), key)
		if redis.call('EXISTS', of_kind('process-keys', kind)) == 0 then
			redis.call('SREM', KEYS[1] .. ':processes', kind)
		end
	end
	redis.call('SET', deletion, '1', 'PX', ARGV[5])
	return answer
end
local time = text(now())
if not known[1] then
	redis.call('HSET', row, 'created', time)
	redis.call('ZADD', of_kind('process-keys', kind), 0, key)
	redis.call('SADD', KEYS[1] .. ':processes', kind)
end
redis.call('HSET', row, 'version', version, 'status', status, 'state', state, 'changed', time)
if known[2] ~= status then
	redis.call('ZADD', status_key(status), 0, key)
	redis.call('SADD', of_kind('process-statuses', kind), status)
end
if due == '' then
	redis.call('HDEL', row, 'due')
elseif known[3] ~= due then
	redis.call('HSET', row, 'due', due)
	redis.call('ZADD', of_kind('process-due', kind), 0, due .. key)
end
return answer
