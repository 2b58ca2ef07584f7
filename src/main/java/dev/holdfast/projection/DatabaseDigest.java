package dev.holdfast.projection;

import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.RowDigest;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import javax.sql.DataSource;

/**
 * What is really in the tables, to be compared with the engine's last Digest event at or before the same sequence: after it
 * the recorder moves on only past events that leave the three tables alone.
 *
 * @param sequence the last event the tables contain
 * @param chainHash of that event
 */
public record DatabaseDigest(
        long sequence,
        long chainHash,
        long term,
        long orderDigest,
        long tradeDigest,
        long positionDigest,
        long orders,
        long trades,
        long positions) {

    private static final int FETCH_ROWS = 1_000;

    /** Reads all rows, and how far the recorder is, in one snapshot of the database. */
    public static DatabaseDigest read(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                return read(connection);
            } finally {
                connection.rollback();
            }
        }
    }

    static DatabaseDigest read(Connection connection) throws SQLException {
        long[] position = new long[3];
        sum(connection, "SELECT sequence, chain_hash, term FROM recorder_position", row -> {
            for (int i = 0; i < position.length; i++) {
                position[i] = row.getLong(i + 1);
            }
            return 0;
        });
        Sum orders = sum(connection, "SELECT * FROM orders", row -> RowDigest.order(order(row)));
        Sum trades = sum(connection, "SELECT * FROM trades", row -> RowDigest.trade(trade(row)));
        Sum positions = sum(connection, "SELECT * FROM positions", row -> RowDigest.position(position(row)));
        return new DatabaseDigest(
                position[0],
                position[1],
                position[2],
                orders.digest,
                trades.digest,
                positions.digest,
                orders.rows,
                trades.rows,
                positions.rows);
    }

    /** Whether these tables are what the engine says they are at this sequence. */
    public boolean matches(Event.Digest digest) {
        return orderDigest == digest.orderDigest()
                && tradeDigest == digest.tradeDigest()
                && positionDigest == digest.positionDigest();
    }

    private record Sum(long rows, long digest) {}

    @FunctionalInterface
    private interface RowHash {
        long of(ResultSet row) throws SQLException;
    }

    private static Sum sum(Connection connection, String query, RowHash hash) throws SQLException {
        long rows = 0;
        long digest = 0;
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet row = statement.executeQuery(query)) {
                while (row.next()) {
                    rows++;
                    digest += hash.of(row); // wraps, as the engine's does
                }
            }
        }
        return new Sum(rows, digest);
    }

    private static Event.OrderChanged order(ResultSet row) throws SQLException {
        OrderState state = OrderState.valueOf(row.getString("state"));
        return new Event.OrderChanged(
                row.getLong("order_number"),
                Origin.valueOf(row.getString("origin")),
                row.getInt("instrument"),
                Side.valueOf(row.getString("side")),
                Product.valueOf(row.getString("product")),
                OrderType.valueOf(row.getString("order_type")),
                row.getLong("quantity"),
                row.getLong("price_paise"),
                state,
                state, // the previous one is in order_history, not in the digest
                row.getLong("filled_quantity"),
                row.getLong("filled_value_paise"),
                AmendmentState.valueOf(row.getString("amendment")),
                row.getLong("pending_quantity"),
                row.getLong("pending_price_paise"),
                row.getBoolean("cancel_wanted"),
                day(row),
                row.getLong("wished_nanos"),
                row.getLong("epoch"),
                row.getInt("sends"),
                row.getString("tag"),
                row.getString("broker_order_id"),
                row.getString("strategy"),
                row.getString("user_name"),
                row.getString("reason"));
    }

    private static Event.TradeBooked trade(ResultSet row) throws SQLException {
        return new Event.TradeBooked(
                day(row),
                row.getLong("order_number"),
                row.getInt("instrument"),
                Side.valueOf(row.getString("side")),
                Product.valueOf(row.getString("product")),
                row.getLong("quantity"),
                row.getLong("price_paise"),
                row.getLong("fill_time_nanos"),
                row.getString("trade_id"),
                row.getString("broker_order_id"),
                row.getString("strategy"));
    }

    private static Event.PositionChanged position(ResultSet row) throws SQLException {
        return new Event.PositionChanged(
                row.getInt("instrument"),
                Product.valueOf(row.getString("product")),
                day(row),
                row.getLong("quantity"),
                row.getLong("opening_quantity"),
                row.getLong("cost_paise"),
                row.getLong("realised_paise"),
                row.getLong("bought_quantity"),
                row.getLong("sold_quantity"));
    }

    private static int day(ResultSet row) throws SQLException {
        return Math.toIntExact(row.getObject("day", LocalDate.class).toEpochDay());
    }
}
