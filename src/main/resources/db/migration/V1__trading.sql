-- The tables people and reports read. All but health_check are a projection of the event stream: the recorder writes
-- them, exactly once, and they can be thrown away and rebuilt. Money is paise; a column's unit is in its name.

CREATE TABLE recorder_position (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    sequence bigint NOT NULL CHECK (sequence >= 0),
    chain_hash bigint NOT NULL,
    log_time_nanos bigint NOT NULL,
    term bigint NOT NULL CHECK (term >= 1),
    committed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE recorder_position IS 'One row: how far the event stream is in these tables. It moves in the same transaction as the rows.';
COMMENT ON COLUMN recorder_position.only_row IS 'Always true: there is one row.';
COMMENT ON COLUMN recorder_position.sequence IS 'Sequence of the last event that is in these tables; 0 before the first.';
COMMENT ON COLUMN recorder_position.chain_hash IS 'Chain hash of that event: tells a database of another log from ours.';
COMMENT ON COLUMN recorder_position.log_time_nanos IS 'Log time of that event, epoch nanoseconds.';
COMMENT ON COLUMN recorder_position.term IS 'Term of this primary; grows with each promotion. A recorder of another term writes nothing.';
COMMENT ON COLUMN recorder_position.committed_at IS 'When the recorder last moved on, database clock.';

-- The chain hash before the first event is the wire format's own constant.
INSERT INTO recorder_position (sequence, chain_hash, log_time_nanos, term) VALUES (0, 1125899906842597, 0, 1);

CREATE TABLE instruments (
    instrument integer PRIMARY KEY,
    exchange text NOT NULL,
    symbol text NOT NULL,
    token bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('EQUITY', 'INDEX')),
    tick_size_paise bigint NOT NULL,
    lot_size bigint NOT NULL,
    freeze_quantity bigint NOT NULL,
    lower_band_paise bigint NOT NULL,
    upper_band_paise bigint NOT NULL,
    sequence bigint NOT NULL,
    UNIQUE (exchange, symbol)
);
COMMENT ON TABLE instruments IS 'What can be traded or watched.';
COMMENT ON COLUMN instruments.instrument IS 'The engine''s number for it.';
COMMENT ON COLUMN instruments.exchange IS 'Exchange, such as NSE.';
COMMENT ON COLUMN instruments.symbol IS 'Trading symbol.';
COMMENT ON COLUMN instruments.token IS 'The broker''s instrument token.';
COMMENT ON COLUMN instruments.kind IS 'EQUITY can be traded, INDEX only watched.';
COMMENT ON COLUMN instruments.tick_size_paise IS 'Smallest step of a price.';
COMMENT ON COLUMN instruments.lot_size IS 'Quantities are multiples of this.';
COMMENT ON COLUMN instruments.freeze_quantity IS 'Largest quantity of one order; 0 when the broker gave none.';
COMMENT ON COLUMN instruments.lower_band_paise IS 'Lowest price of the day; 0 when the broker gave none.';
COMMENT ON COLUMN instruments.upper_band_paise IS 'Highest price of the day; 0 when the broker gave none.';
COMMENT ON COLUMN instruments.sequence IS 'Event that wrote this row.';

CREATE TABLE orders (
    order_number bigint PRIMARY KEY,
    origin text NOT NULL CHECK (origin IN ('INTENT', 'PERSON', 'BROKER')),
    instrument integer NOT NULL REFERENCES instruments (instrument),
    side text NOT NULL CHECK (side IN ('BUY', 'SELL')),
    product text NOT NULL CHECK (product IN ('CNC', 'MIS', 'NRML', 'MTF')),
    order_type text NOT NULL CHECK (order_type IN ('MARKET', 'LIMIT', 'SL', 'SL_M')),
    quantity bigint NOT NULL CHECK (quantity >= 0),
    price_paise bigint NOT NULL CHECK (price_paise >= 0),
    state text NOT NULL CHECK (state IN (
        'WISHED', 'REFUSED', 'COMMITTED', 'SENDING', 'NOT_SENT', 'UNCERTAIN',
        'WORKING', 'PARTLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED', 'ABSENT', 'HELD')),
    filled_quantity bigint NOT NULL CHECK (filled_quantity >= 0),
    filled_value_paise bigint NOT NULL CHECK (filled_value_paise >= 0),
    amendment text NOT NULL CHECK (amendment IN ('NONE', 'SENDING', 'UNCERTAIN')),
    pending_quantity bigint NOT NULL,
    pending_price_paise bigint NOT NULL,
    cancel_wanted boolean NOT NULL,
    day date NOT NULL,
    wished_nanos bigint NOT NULL,
    epoch bigint NOT NULL,
    sends integer NOT NULL CHECK (sends >= 0),
    tag text NOT NULL,
    broker_order_id text NOT NULL,
    strategy text NOT NULL,
    user_name text NOT NULL,
    reason text NOT NULL,
    changed_nanos bigint NOT NULL,
    sequence bigint NOT NULL
);
COMMENT ON TABLE orders IS 'Each order as it is now.';
COMMENT ON COLUMN orders.order_number IS 'The engine''s number for the order.';
COMMENT ON COLUMN orders.origin IS 'Who placed it: our own intent, a person in the broker''s screens, or the broker.';
COMMENT ON COLUMN orders.instrument IS 'What is traded.';
COMMENT ON COLUMN orders.side IS 'BUY or SELL.';
COMMENT ON COLUMN orders.product IS 'The broker''s product code.';
COMMENT ON COLUMN orders.order_type IS 'MARKET, LIMIT, or a stop order placed by other hands.';
COMMENT ON COLUMN orders.quantity IS 'Quantity wished.';
COMMENT ON COLUMN orders.price_paise IS 'Limit price; 0 at market.';
COMMENT ON COLUMN orders.state IS 'Where the order stands.';
COMMENT ON COLUMN orders.filled_quantity IS 'Sum over its trades.';
COMMENT ON COLUMN orders.filled_value_paise IS 'Sum of price times quantity over its trades.';
COMMENT ON COLUMN orders.amendment IS 'The one outstanding modification or cancellation.';
COMMENT ON COLUMN orders.pending_quantity IS 'Quantity the outstanding modification asks for.';
COMMENT ON COLUMN orders.pending_price_paise IS 'Price the outstanding modification asks for.';
COMMENT ON COLUMN orders.cancel_wanted IS 'Whether it shall be cancelled as soon as that is possible.';
COMMENT ON COLUMN orders.day IS 'Trading day in IST.';
COMMENT ON COLUMN orders.wished_nanos IS 'Log time of the wish, epoch nanoseconds.';
COMMENT ON COLUMN orders.epoch IS 'Epoch of the sender''s grant under which it was last sent; 0 for none.';
COMMENT ON COLUMN orders.sends IS 'Number of send requests made for it.';
COMMENT ON COLUMN orders.tag IS 'Our mark in the broker''s book; empty on foreign orders.';
COMMENT ON COLUMN orders.broker_order_id IS 'The broker''s order id; empty until known.';
COMMENT ON COLUMN orders.strategy IS 'Strategy that wished it; empty for a person''s.';
COMMENT ON COLUMN orders.user_name IS 'Person who wished or last touched it; empty for a strategy''s.';
COMMENT ON COLUMN orders.reason IS 'Why it is in this state.';
COMMENT ON COLUMN orders.changed_nanos IS 'Log time of the last change, epoch nanoseconds.';
COMMENT ON COLUMN orders.sequence IS 'Event that wrote this row.';

CREATE INDEX orders_by_day ON orders (day, order_number);
CREATE INDEX orders_by_tag ON orders (tag) WHERE tag <> '';

CREATE TABLE order_history (
    sequence bigint PRIMARY KEY,
    order_number bigint NOT NULL REFERENCES orders (order_number),
    changed_nanos bigint NOT NULL,
    previous_state text NOT NULL,
    state text NOT NULL,
    quantity bigint NOT NULL,
    price_paise bigint NOT NULL,
    filled_quantity bigint NOT NULL CHECK (filled_quantity >= 0),
    filled_value_paise bigint NOT NULL,
    amendment text NOT NULL,
    epoch bigint NOT NULL,
    broker_order_id text NOT NULL,
    user_name text NOT NULL,
    reason text NOT NULL
);
COMMENT ON TABLE order_history IS 'Each change of each order, never rewritten.';
COMMENT ON COLUMN order_history.sequence IS 'Event that made the change.';
COMMENT ON COLUMN order_history.order_number IS 'The order that changed.';
COMMENT ON COLUMN order_history.changed_nanos IS 'Log time of the change, epoch nanoseconds.';
COMMENT ON COLUMN order_history.previous_state IS 'State before.';
COMMENT ON COLUMN order_history.state IS 'State after.';
COMMENT ON COLUMN order_history.quantity IS 'Quantity after.';
COMMENT ON COLUMN order_history.price_paise IS 'Price after; 0 at market.';
COMMENT ON COLUMN order_history.filled_quantity IS 'Filled quantity after.';
COMMENT ON COLUMN order_history.filled_value_paise IS 'Filled value after.';
COMMENT ON COLUMN order_history.amendment IS 'Outstanding amendment after.';
COMMENT ON COLUMN order_history.epoch IS 'Epoch of the sender''s grant; 0 for none.';
COMMENT ON COLUMN order_history.broker_order_id IS 'The broker''s order id; empty until known.';
COMMENT ON COLUMN order_history.user_name IS 'Person who caused it; empty for none.';
COMMENT ON COLUMN order_history.reason IS 'Why.';

CREATE INDEX order_history_by_order ON order_history (order_number, sequence);

CREATE TABLE trades (
    day date NOT NULL,
    exchange text NOT NULL,
    trade_id text NOT NULL,
    order_number bigint NOT NULL,
    instrument integer NOT NULL REFERENCES instruments (instrument),
    side text NOT NULL CHECK (side IN ('BUY', 'SELL')),
    product text NOT NULL CHECK (product IN ('CNC', 'MIS', 'NRML', 'MTF')),
    quantity bigint NOT NULL CHECK (quantity > 0),
    price_paise bigint NOT NULL CHECK (price_paise >= 0),
    fill_time_nanos bigint NOT NULL,
    broker_order_id text NOT NULL,
    strategy text NOT NULL,
    booked_nanos bigint NOT NULL,
    sequence bigint NOT NULL UNIQUE,
    PRIMARY KEY (day, exchange, trade_id)
);
COMMENT ON TABLE trades IS 'Each fill, once.';
COMMENT ON COLUMN trades.day IS 'Trading day in IST.';
COMMENT ON COLUMN trades.exchange IS 'Exchange; trade ids are unique within day and exchange.';
COMMENT ON COLUMN trades.trade_id IS 'The exchange''s trade id.';
COMMENT ON COLUMN trades.order_number IS 'The order it fills; not a foreign key because a fill may be told before its order.';
COMMENT ON COLUMN trades.instrument IS 'What was traded.';
COMMENT ON COLUMN trades.side IS 'BUY or SELL.';
COMMENT ON COLUMN trades.product IS 'The broker''s product code.';
COMMENT ON COLUMN trades.quantity IS 'Quantity filled.';
COMMENT ON COLUMN trades.price_paise IS 'Price of the fill.';
COMMENT ON COLUMN trades.fill_time_nanos IS 'The exchange''s time of the fill, epoch nanoseconds.';
COMMENT ON COLUMN trades.broker_order_id IS 'The broker''s order id.';
COMMENT ON COLUMN trades.strategy IS 'Strategy whose book it enters; empty for the unassigned book.';
COMMENT ON COLUMN trades.booked_nanos IS 'Log time of the booking, epoch nanoseconds.';
COMMENT ON COLUMN trades.sequence IS 'Event that booked it.';

CREATE INDEX trades_by_order ON trades (order_number);

CREATE TABLE positions (
    instrument integer NOT NULL REFERENCES instruments (instrument),
    product text NOT NULL CHECK (product IN ('CNC', 'MIS', 'NRML', 'MTF')),
    day date NOT NULL,
    quantity bigint NOT NULL,
    opening_quantity bigint NOT NULL,
    cost_paise bigint NOT NULL,
    realised_paise bigint NOT NULL,
    bought_quantity bigint NOT NULL CHECK (bought_quantity >= 0),
    sold_quantity bigint NOT NULL CHECK (sold_quantity >= 0),
    sequence bigint NOT NULL,
    PRIMARY KEY (instrument, product)
);
COMMENT ON TABLE positions IS 'The account''s position by instrument and product, from trades alone.';
COMMENT ON COLUMN positions.instrument IS 'What is held.';
COMMENT ON COLUMN positions.product IS 'The broker''s product code.';
COMMENT ON COLUMN positions.day IS 'Trading day of the last change, in IST.';
COMMENT ON COLUMN positions.quantity IS 'Quantity held; negative when short.';
COMMENT ON COLUMN positions.opening_quantity IS 'Quantity at the start of the day.';
COMMENT ON COLUMN positions.cost_paise IS 'What the quantity cost; signed as the quantity is.';
COMMENT ON COLUMN positions.realised_paise IS 'Profit realised on this day.';
COMMENT ON COLUMN positions.bought_quantity IS 'Bought on this day.';
COMMENT ON COLUMN positions.sold_quantity IS 'Sold on this day.';
COMMENT ON COLUMN positions.sequence IS 'Event that wrote this row.';

CREATE TABLE profit (
    day date NOT NULL,
    strategy text NOT NULL,
    instrument integer NOT NULL REFERENCES instruments (instrument),
    product text NOT NULL CHECK (product IN ('CNC', 'MIS', 'NRML', 'MTF')),
    quantity bigint NOT NULL,
    cost_paise bigint NOT NULL,
    realised_paise bigint NOT NULL,
    trades integer NOT NULL CHECK (trades >= 0),
    sequence bigint NOT NULL,
    PRIMARY KEY (day, strategy, instrument, product)
);
COMMENT ON TABLE profit IS 'Profit by day and strategy, for each instrument and product.';
COMMENT ON COLUMN profit.day IS 'Trading day in IST.';
COMMENT ON COLUMN profit.strategy IS 'Strategy; empty for the unassigned book.';
COMMENT ON COLUMN profit.instrument IS 'What was traded.';
COMMENT ON COLUMN profit.product IS 'The broker''s product code.';
COMMENT ON COLUMN profit.quantity IS 'The strategy''s own quantity; negative when short.';
COMMENT ON COLUMN profit.cost_paise IS 'What that quantity cost; signed as the quantity is.';
COMMENT ON COLUMN profit.realised_paise IS 'Profit realised on this day.';
COMMENT ON COLUMN profit.trades IS 'Number of trades on this day.';
COMMENT ON COLUMN profit.sequence IS 'Event that wrote this row.';

CREATE TABLE candles (
    instrument integer NOT NULL REFERENCES instruments (instrument),
    start_nanos bigint NOT NULL,
    open_paise bigint NOT NULL,
    high_paise bigint NOT NULL,
    low_paise bigint NOT NULL,
    close_paise bigint NOT NULL,
    volume bigint NOT NULL,
    ticks integer NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (instrument, start_nanos)
);
COMMENT ON TABLE candles IS 'Closed minutes.';
COMMENT ON COLUMN candles.instrument IS 'What was watched.';
COMMENT ON COLUMN candles.start_nanos IS 'Start of the minute, market time, epoch nanoseconds.';
COMMENT ON COLUMN candles.open_paise IS 'First price.';
COMMENT ON COLUMN candles.high_paise IS 'Highest price.';
COMMENT ON COLUMN candles.low_paise IS 'Lowest price.';
COMMENT ON COLUMN candles.close_paise IS 'Last price.';
COMMENT ON COLUMN candles.volume IS 'Quantity traded.';
COMMENT ON COLUMN candles.ticks IS 'Ticks it is made of.';
COMMENT ON COLUMN candles.sequence IS 'Event that wrote this row.';

CREATE TABLE audit (
    sequence bigint PRIMARY KEY,
    at_nanos bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('ACTION', 'SWITCH', 'STRATEGY', 'ALARM')),
    user_name text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    reason text NOT NULL,
    result text NOT NULL
);
COMMENT ON TABLE audit IS 'What people did, what was switched, and what a person should look at.';
COMMENT ON COLUMN audit.sequence IS 'Event that says so.';
COMMENT ON COLUMN audit.at_nanos IS 'Log time, epoch nanoseconds.';
COMMENT ON COLUMN audit.kind IS 'ACTION of a person, SWITCH engaged or released, STRATEGY changed, ALARM raised.';
COMMENT ON COLUMN audit.user_name IS 'Who; empty for the engine itself.';
COMMENT ON COLUMN audit.action IS 'What was done; for an alarm its severity.';
COMMENT ON COLUMN audit.target IS 'To what; for an alarm its subject.';
COMMENT ON COLUMN audit.reason IS 'Why; for an alarm its text.';
COMMENT ON COLUMN audit.result IS 'What came of it; empty where nothing can be said.';

CREATE TABLE health_check (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    host text NOT NULL,
    checked_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE health_check IS 'Rows that prove a write is durable. Not from the event stream; kept for an hour.';
COMMENT ON COLUMN health_check.id IS 'Order of insertion.';
COMMENT ON COLUMN health_check.host IS 'Host that asked.';
COMMENT ON COLUMN health_check.checked_at IS 'Database clock.';

CREATE INDEX health_check_by_time ON health_check (checked_at);

-- The recorder rewrites only what is a present state; history, trades and the audit trail it can only add to.
GRANT SELECT, INSERT, UPDATE ON instruments, orders, positions, profit, candles TO recorder;
GRANT SELECT, INSERT ON order_history, trades, audit TO recorder;
GRANT SELECT, UPDATE (sequence, chain_hash, log_time_nanos, committed_at) ON recorder_position TO recorder;
GRANT SELECT, INSERT, DELETE ON health_check TO recorder;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO reader;
