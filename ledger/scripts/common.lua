-- Put in front of every script: the names of the keys, the clock, and the few steps that several changes share.
-- ARGV[1] is the conversation's id, ARGV[2] its time to live in ms; what a script takes on top starts at ARGV[3].
local K = {
  conversation = KEYS[1], log = KEYS[2], mids = KEYS[3], choices = KEYS[4], events = KEYS[5],
  turns = KEYS[6], leases = KEYS[7],
  waiting = KEYS[8], waits = KEYS[9], -- prefixes: the skill follows; the same slot
  wake = KEYS[10], queue = KEYS[11], records = KEYS[12],
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

-- Readers are told what kind of news it is: 'log' (read on), 'queue' (places have moved, or who serves), 'typing', 'read',
-- 'offer', 'tags'. What was written since the script began, or since the last 'log', comes with the next one: whoever has read
-- as far as `after` need not read it.
local written, written_after = {}, nil
local function wake(news, from, name)
  local told = {cid = cid, news = news, from = from, name = name}
  if news == 'log' and #written > 0 then
    told.after, told.entries = written_after, written
    written, written_after = {}, nil
  end
  redis.call('PUBLISH', K.wake, cjson.encode(told))
end

-- What a worker is told of a turn: `unread` is a list of {id, fields}.
local function turn_of(state, unread)
  return {cursor = state.cursor, unread = unread, lang = state.lang, customer = state.customer,
    customer_name = state.customer_name, typing_at = tonumber(state.typing_at or 0), now = now,
    agreed = state.agreed, memory = state.committed or '', attempts = 0}
end

-- Whose turn it is, and until when (ms). A turn that comes with a notice is nobody's until a worker reads that notice; whether one
-- will is told third.
local function holder_of_turn(state, group, lease)
  local notice = state.turn_owner and string.match(state.turn_owner, '^notice (.+)$')
  if not notice then return state.turn_owner, tonumber(state.turn_until or 0) end
  local read = redis.pcall('XPENDING', K.turns, group, notice, notice, 1)[1] -- an error without a group: nobody has read
  if not read then return nil, 0, #redis.call('XRANGE', K.turns, notice, notice) > 0 end
  return read[2], now - read[3] + lease
end

-- A notice of the turn stream has been looked after.
local function strike_off(group, notice)
  if notice == '' then return end
  redis.call('XACK', K.turns, group, notice)
  redis.call('XDEL', K.turns, notice)
end

-- Tells the desk that something is to be kept for good.
local function record(what) redis.call('XADD', K.records, '*', 'cid', cid, 'what', what) end

local function write(kind, from, body, optional)
  local fields = {'kind', kind, 'from', from, 'body', body}
  for name, value in pairs(optional or {}) do
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
  if not written_after then
    local last = redis.call('XREVRANGE', K.log, '+', '-', 'COUNT', 1)[1]
    written_after = last and last[1] or '0-0'
  end
  local id = redis.call('XADD', K.log, '*', unpack(fields))
  local entry = {kind = kind, from = from, body = body}
  for name, value in pairs(optional or {}) do entry[name] = value end
  written[#written + 1] = {id, entry}
  return id
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

-- Lower comes first. One step of priority is worth five minutes of waiting: whoever waits long enough overtakes everybody who
-- comes later, and the order of two never changes while both wait, so a place can be told. Exact in a double.
local AGEING_MS = 300000
local function place(priority, queued_at)
  return tonumber(queued_at) - tonumber(priority) * AGEING_MS
end

local function join_queue(skill, priority, queued_at)
  local score = place(priority, queued_at)
  redis.call('ZADD', K.waiting .. skill, score, cid)
  redis.call('ZADD', K.queue, score, cid)
end

local function leave_queue(skill)
  redis.call('ZREM', K.waiting .. skill, cid)
  redis.call('ZREM', K.queue, cid)
end

-- The desk's rules give who waits another skill or priority; the time waited counts on.
local function rank(state, skill, priority, why)
  leave_queue(state.skill)
  join_queue(skill, priority, state.queued_at)
  redis.call('HSET', K.conversation, 'skill', skill, 'priority', priority, 'prioritised', why)
  wake('queue')
end

-- What an earlier stay in the queue, or with a person, has left behind.
local OF_THE_QUEUE = {'offered_to', 'offered_name', 'offer_until', 'offer_why', 'declined', 'declined_at', 'prefer', 'away'}
local OF_THE_AGENT = {'agent', 'agent_name'}
local OF_THE_ROUND = {'round_since', 'clock_round'}
local OF_THE_VISIT = {'first_reply_at', 'claimed_at', 'clock_first', 'passed', 'level', 'prioritised'}

-- The one way to change the mode. The caller has checked that it may; `why` is a JSON object, never empty, and becomes
-- part of the log. Why a person was asked for stays the `reason`, however often the conversation is passed on.
-- `queue` = {skill, priority, queued_at} when `to` is 'waiting'; `agent` = {id, name, lease_ms} when it is 'human'.
local function set_mode(state, to, by, why, queue, agent)
  local was = state.mode
  local passed_on = to == 'waiting' and (was == 'human' or was == 'waiting')
  if was == 'waiting' then
    leave_queue(state.skill)
    redis.call('HDEL', K.conversation, unpack(OF_THE_QUEUE))
  end
  if was == 'human' then
    redis.call('ZREM', K.leases, cid)
    redis.call('HDEL', K.conversation, unpack(OF_THE_AGENT))
  end
  redis.call('HDEL', K.conversation, 'turn_owner', 'turn_until', 'turn_upto', 'turn_attempts')
  -- Spliced, not decoded: cjson would turn an empty list into an object.
  local body = string.format('{"mode":"%s","was":"%s",%s', to, was, string.sub(why, 2))
  local fields = {'mode', to, 'mode_at', now}
  if to == 'waiting' then
    join_queue(queue.skill, queue.priority, queue.queued_at)
    redis.call('HSET', K.conversation, 'skill', queue.skill, 'priority', queue.priority,
      'queued_at', string.format('%d', queue.queued_at), passed_on and 'passed' or 'reason', why)
    if not passed_on then
      redis.call('HDEL', K.conversation, unpack(OF_THE_VISIT))
      redis.call('HSET', K.conversation, 'unread', 0)
    elseif state.first_reply_at then
      -- Whoever is passed on is owed a word by the next person: the clock of the round goes on, or begins.
      redis.call('HSETNX', K.conversation, 'round_since', now)
    end
  elseif to == 'human' then
    redis.call('HSET', K.conversation, 'agent', agent.id, 'agent_name', agent.name, 'served', agent.id,
      'claimed_at', now)
    redis.call('ZADD', K.leases, now + agent.lease_ms, cid)
  elseif to == 'closed' then
    redis.call('HSET', K.conversation, 'closed_at', now)
  end
  if to == 'bot' or to == 'closed' then redis.call('HDEL', K.conversation, unpack(OF_THE_ROUND)) end
  if was == 'closed' and to ~= 'human' then
    redis.call('HDEL', K.conversation, 'served', 'rating', 'rating_bot', 'rating_agent')
  end
  local id = write('mode', by, body, agent and {name = agent.name} or nil)
  redis.call('HSET', K.conversation, unpack(fields))
  if to == 'bot' then redis.call('HSET', K.conversation, 'cursor', id) end
  if to == 'closed' then record('closed') elseif was == 'human' and to == 'bot' then record('resolved') end
  state.mode = to
  for _, mode in ipairs({was, to}) do
    if mode == 'waiting' or mode == 'human' then wake('queue') break end
  end
  wake('log')
  return id
end

-- For lists of the desk: who spoke last, and what.
local function remember_said(from, body, counts)
  local text = cjson.decode(body).text
  redis.call('HSET', K.conversation, 'last_said', cjson.encode({from = from, text = text, at = now}))
  if counts then redis.call('HINCRBY', K.conversation, 'unread', 1) end
end
