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
    price INTEGER NOT NULL CHECK (price > 0)
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
