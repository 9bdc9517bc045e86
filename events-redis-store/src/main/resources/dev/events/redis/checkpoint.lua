-- Saves progress under leases whose epoch is current.
-- KEYS: prefix. ARGV: number of this call, or 0 for one that saves nothing, then for each checkpoint subscription,
-- partition, epoch, node, number of the last call answered under this lease, position, number of changes, and the
-- changes:
--   P id position hash key? key type replay event attempts retryIn failure
--   Q id position hash key? key type replay event
--   B id position hash key? key type replay event attempts holding failure
--   D position
--   C position
--   R position
--   V replay position handled failed
-- Answers the indexes of the subscriptions in ARGV whose epoch was not current, or of whose lease the server has lost a
-- call that it had answered: what was parked in it would be passed over.
--
-- Calls of one lease have growing numbers, and each begins when the one before has been
-- answered or given up: one that was thought to be lost with its connection, and arrives
-- after a later one, must not undo what that one has saved, so it is refused; one that
-- is sent again has been done.
local call = tonumber(ARGV[1])
local time = now()
local refused = {}
local next_argument = 2

local function take()
	next_argument = next_argument + 1
	return ARGV[next_argument - 1]
end

local function take_delivery()
	local d = { id = take(), position = tonumber(take()), hash = tonumber(take()) }
	local has_key, key = take() == '1', take()
	d.key = has_key and key or nil
	d.type = take()
	d.replay = take() == '1'
	return d, take()
end

local function failed(store, d, event, failure)
	local old = load_state(store, d.position)
	d.first, d.last = time, time
	if old then
		d.id, d.first = old.id, old.first or time
		d.replay = d.replay and old.replay
	else
		redis.call('HSET', store.events, text(d.position), event)
	end
	redis.call('HSET', store.failures, text(d.position), failure)
	put(store, d, old)
end

local changes = {}

function changes.P(store)
	local d, event = take_delivery()
	d.status, d.attempts, d.due = 'PARKED', tonumber(take()), time + tonumber(take())
	local failure = take()
	if store then
		failed(store, d, event, failure)
	end
end

function changes.B(store)
	local d, event = take_delivery()
	d.status, d.attempts, d.holding = 'DEAD', tonumber(take()), take() == '1'
	local failure = take()
	if store then
		failed(store, d, event, failure)
	end
end

function changes.Q(store)
	local d, event = take_delivery()
	local old = store and load_state(store, d.position)
	if old and old.replay and not d.replay then
		-- handlers may ignore what is of a replay, but not what has come live
		local live = load_state(store, d.position)
		live.replay = false
		put(store, live, old)
	elseif store and not old then
		d.status, d.attempts = 'QUEUED', 0
		redis.call('HSET', store.events, text(d.position), event)
		put(store, d, nil)
	end
end

function changes.D(store)
	local position = tonumber(take())
	local old = store and load_state(store, position)
	if old and old.status == 'PARKED' then
		local d = load_state(store, position)
		d.status, d.due = 'QUEUED', nil
		put(store, d, old)
	end
end

function changes.C(store)
	local position = tonumber(take())
	local d = store and load_state(store, position)
	if d then
		remove(store, d)
	end
end

function changes.R(store)
	local position = tonumber(take())
	local old = store and load_state(store, position)
	if not old then
		return
	end
	if old.status == 'RELEASED' and old.discarded then
		remove(store, old)
	elseif old.status == 'RELEASED' or old.status == 'DEAD' then
		local d = load_state(store, position)
		d.status, d.holding, d.discarded = 'DEAD', false, false
		put(store, d, old)
	end
end

-- Never lower: what has come late must not undo what is saved. Of a replay that is not known,
-- or has other partitions, it means nothing.
function changes.V(store, n)
	local id, progress = take(), { position = take(), handled = take(), failed = take() }
	local replay = replay_key(id)
	if store and redis.call('HGET', replay, 'subscription') == store.subscription then
		for name, value in pairs(progress) do
			local known = redis.call('HGET', replay, name .. n)
			if known and tonumber(value) > tonumber(known) then
				redis.call('HSET', replay, name .. n, value)
			end
		end
	end
end

write_although_memory_is_full()
while next_argument <= #ARGV do
	local index = next_argument
	local subscription, n, epoch, node = take(), take(), take(), take()
	local answered, position = tonumber(take()), take()
	local key = KEYS[1] .. ':subscription:' .. subscription
	local cursor = redis.call('HMGET', key, 'epoch' .. n, 'owner' .. n, 'position' .. n, 'saved' .. n)
	local store
	if cursor[1] ~= epoch or cursor[2] ~= node or tonumber(cursor[4]) < answered then
		refused[#refused + 1] = index
	elseif call > 0 and call < tonumber(cursor[4]) then
		refused[#refused + 1] = index
	elseif call > tonumber(cursor[4]) then
		redis.call('HSET', key, 'position' .. n, text(math.max(tonumber(position), tonumber(cursor[3]))), 'saved' .. n,
			text(call))
		store = deliveries_of(subscription)
	end
	for _ = 1, tonumber(take()) do
		changes[take()](store, n)
	end
end
return refused
