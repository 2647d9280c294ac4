-- The demo shop's tables. Times are ISO 8601 in UTC with milliseconds, money is in fen.
-- What later work adds (returns, promotions, cases) refers to orders.number, order_items.sku and customers.id.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    city TEXT NOT NULL,
    address TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE products (
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    category TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    badge TEXT,
    drawing TEXT NOT NULL,
    hue INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE skus (
    sku TEXT PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES products (id),
    spec TEXT NOT NULL,
    spec_en TEXT NOT NULL,
    price INTEGER NOT NULL CHECK (price > 0),
    in_stock INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;

-- What the terms of return go by; a product that is not here is of no special kind. `kinds` are parted by blanks.
CREATE TABLE product_terms (
    product_id TEXT PRIMARY KEY REFERENCES products (id),
    kinds TEXT NOT NULL,
    agreed INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE orders (
    number TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    state TEXT NOT NULL,
    receiver_name TEXT NOT NULL,
    receiver_phone TEXT NOT NULL,
    receiver_city TEXT NOT NULL,
    receiver_address TEXT NOT NULL,
    discount INTEGER NOT NULL DEFAULT 0,
    shipping INTEGER NOT NULL DEFAULT 0,
    paid INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    paid_at TEXT,
    packed_at TEXT,
    shipped_at TEXT,
    delivered_at TEXT,
    cancelled_at TEXT,
    expected_ship_at TEXT
) WITHOUT ROWID;
CREATE INDEX orders_of_customer ON orders (customer_id, created_at DESC);

-- Name, spec and price are what they were when the order was made.
CREATE TABLE order_items (
    order_number TEXT NOT NULL REFERENCES orders (number),
    line INTEGER NOT NULL,
    sku TEXT NOT NULL REFERENCES skus (sku),
    product_id TEXT NOT NULL REFERENCES products (id),
    name TEXT NOT NULL,
    spec TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    price INTEGER NOT NULL,
    PRIMARY KEY (order_number, line)
) WITHOUT ROWID;

-- How an order was paid, and what was agreed with it. A pre-order that was begun with a deposit has its amounts and times.
CREATE TABLE order_terms (
    order_number TEXT PRIMARY KEY REFERENCES orders (number),
    payment_method TEXT,
    freight_insurance INTEGER NOT NULL DEFAULT 0,
    deposit INTEGER,
    worth INTEGER,
    balance INTEGER,
    balance_from TEXT,
    balance_until TEXT,
    balance_paid INTEGER
) WITHOUT ROWID;

-- After-sales cases and what they are about.
CREATE TABLE cases (
    number TEXT PRIMARY KEY,
    order_number TEXT NOT NULL REFERENCES orders (number),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    cause TEXT,
    exchange_for TEXT,
    note TEXT,
    amount INTEGER,
    created_at TEXT NOT NULL,
    due_at TEXT,
    pickup TEXT,
    send_to TEXT
) WITHOUT ROWID;
CREATE INDEX cases_of_order ON cases (order_number, created_at DESC);

CREATE TABLE case_items (
    case_number TEXT NOT NULL REFERENCES cases (number),
    sku TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (case_number, sku)
) WITHOUT ROWID;

-- Answers to changes by their idempotency key, and every change that was asked for with what came of it. `proof` is a hash of
-- the proof that was given: a change of the phone number must be repeatable with its old ending.
CREATE TABLE answers (
    key TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    proof TEXT NOT NULL,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    key TEXT NOT NULL,
    action TEXT NOT NULL,
    order_number TEXT NOT NULL,
    proof TEXT NOT NULL,
    outcome TEXT NOT NULL,
    receipt TEXT
);
CREATE INDEX audit_of_order ON audit (order_number, id);

CREATE TABLE shipments (
    tracking_number TEXT PRIMARY KEY,
    order_number TEXT NOT NULL REFERENCES orders (number),
    carrier TEXT NOT NULL,
    carrier_code TEXT NOT NULL,
    state TEXT NOT NULL,
    shipped_at TEXT NOT NULL,
    estimated_delivery TEXT
) WITHOUT ROWID;
CREATE INDEX shipments_of_order ON shipments (order_number, shipped_at);

CREATE TABLE shipment_skus (
    tracking_number TEXT NOT NULL REFERENCES shipments (tracking_number),
    sku TEXT NOT NULL,
    PRIMARY KEY (tracking_number, sku)
) WITHOUT ROWID;

CREATE TABLE shipment_events (
    tracking_number TEXT NOT NULL REFERENCES shipments (tracking_number),
    at TEXT NOT NULL,
    text TEXT NOT NULL,
    place TEXT NOT NULL,
    PRIMARY KEY (tracking_number, at)
) WITHOUT ROWID;

CREATE TABLE refunds (
    order_number TEXT PRIMARY KEY REFERENCES orders (number),
    state TEXT NOT NULL,
    amount INTEGER NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;

-- Wrong proofs of the last hour; kept for unknown order numbers too, so that the limit tells nothing about them.
CREATE TABLE failed_tries (order_number TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX failed_tries_of_order ON failed_tries (order_number, at);

-- The price of each sku and since when; the newest is that of skus.
CREATE TABLE prices (
    sku TEXT NOT NULL REFERENCES skus (sku),
    since TEXT NOT NULL,
    price INTEGER NOT NULL CHECK (price > 0),
    PRIMARY KEY (sku, since)
) WITHOUT ROWID;

-- Prices of some days; they are no part of the history.
CREATE TABLE limited_prices (
    sku TEXT PRIMARY KEY REFERENCES skus (sku),
    price INTEGER NOT NULL CHECK (price > 0),
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE carts (
    customer_id TEXT NOT NULL REFERENCES customers (id),
    line INTEGER NOT NULL,
    sku TEXT NOT NULL REFERENCES skus (sku),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (customer_id, line)
) WITHOUT ROWID;

-- `least` is the sum from which a coupon takes `off`; `categories` are parted by blanks, none means all.
CREATE TABLE coupons (
    code TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    kind TEXT NOT NULL,
    least INTEGER NOT NULL,
    off INTEGER NOT NULL CHECK (off > 0),
    categories TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('usable', 'used', 'locked', 'expired')),
    order_number TEXT REFERENCES orders (number)
) WITHOUT ROWID;
CREATE INDEX coupons_of_customer ON coupons (customer_id);

CREATE TABLE memberships (
    customer_id TEXT PRIMARY KEY REFERENCES customers (id),
    level TEXT NOT NULL,
    points INTEGER NOT NULL CHECK (points >= 0),
    points_expiring INTEGER NOT NULL CHECK (points_expiring >= 0),
    points_expire_at TEXT
) WITHOUT ROWID;
