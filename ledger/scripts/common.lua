-- Put in front of every script: the names of the keys, the clock, and the few steps that several changes share.
-- ARGV[1] is the conversation's id, ARGV[2] its time to live in ms; what a script takes on top starts at ARGV[3].
local K = {
  conversation = KEYS[1], log = KEYS[2], mids = KEYS[3], choices = KEYS[4], events = KEYS[5],
  turns = KEYS[6], leases = KEYS[7],
  waiting = KEYS[8], waits = KEYS[9], -- prefixes: the skill follows; the same slot
  wake = KEYS[10],
}
local cid, ttl = ARGV[1], ARGV[2]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function answer(table) return cjson.encode(table) end

local function load_state()
  local flat = redis.call('HGETALL', K.conversation)
  if #flat == 0 then return nil end
  local state = {}
  for i = 1, #flat, 2 do state[flat[i]] = flat[i + 1] end
  return state
end

local function keep_alive()
  for _, key in ipairs({K.conversation, K.log, K.mids, K.choices, K.events}) do redis.call('PEXPIRE', key, ttl) end
end

-- Readers are told what kind of news it is: 'log' (read on), 'queue' (places have moved), 'typing'.
local function wake(news, from)
  redis.call('PUBLISH', K.wake, cjson.encode({cid = cid, news = news, from = from}))
end

local function write(kind, from, body, optional)
  local fields = {'kind', kind, 'from', from, 'body', body}
  for name, value in pairs(optional or {}) do
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  return redis.call('XADD', K.log, '*', unpack(fields))
end

-- Ids are <ms>-<n>; is a later than b?
local function later(a, b)
  if a == nil or a == '' then return false end
  if b == nil or b == '' then return true end
  local a_ms, a_n = string.match(a, '^(%d+)-(%d+)$')
  local b_ms, b_n = string.match(b, '^(%d+)-(%d+)$')
  if a_ms ~= b_ms then return tonumber(a_ms) > tonumber(b_ms) end
  return tonumber(a_n) > tonumber(b_n)
end

-- Lower comes first: nine priorities, ten to the thirteen apart, then the time of queueing in ms. Exact in a double.
local function place(priority, queued_at)
  return (9 - tonumber(priority)) * 1e13 + tonumber(queued_at)
end

-- The one way to change the mode. The caller has checked that it may; `why` is a JSON object, never empty, and becomes
-- part of the log.
-- `queue` = {skill, priority, queued_at} when `to` is 'waiting'; `agent` = {id, name, lease_ms} when it is 'human'.
local function set_mode(state, to, by, why, queue, agent)
  local was = state.mode
  if was == 'waiting' then redis.call('ZREM', K.waiting .. state.skill, cid) end
  if was == 'human' then
    redis.call('ZREM', K.leases, cid)
    redis.call('HDEL', K.conversation, 'agent', 'agent_name')
  end
  redis.call('HDEL', K.conversation, 'turn_owner', 'turn_until', 'turn_upto', 'turn_attempts')
  -- Spliced, not decoded: cjson would turn an empty list into an object.
  local body = string.format('{"mode":"%s","was":"%s",%s', to, was, string.sub(why, 2))
  local fields = {'mode', to, 'mode_at', now}
  if to == 'waiting' then
    redis.call('ZADD', K.waiting .. queue.skill, place(queue.priority, queue.queued_at), cid)
    redis.call('HSET', K.conversation, 'skill', queue.skill, 'priority', queue.priority,
      'queued_at', string.format('%d', queue.queued_at), 'reason', why)
  elseif to == 'human' then
    redis.call('HSET', K.conversation, 'agent', agent.id, 'agent_name', agent.name)
    redis.call('ZADD', K.leases, now + agent.lease_ms, cid)
  end
  local id = write('mode', by, body, agent and {name = agent.name} or nil)
  redis.call('HSET', K.conversation, unpack(fields))
  if to == 'bot' then redis.call('HSET', K.conversation, 'cursor', id) end
  state.mode = to
  if was == 'waiting' or to == 'waiting' then wake('queue') end
  wake('log')
  return id
end
