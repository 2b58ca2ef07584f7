package dev.holdfast.broker;

import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.BookList;
import dev.holdfast.protocol.Command;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The odd rows of one read: each is told to the engine unless the log shows that it stands there already. Used by one thread. */
final class OddReport {

    private static final Logger LOG = LoggerFactory.getLogger(OddReport.class);

    /** The length, in characters, of each of the two pieces of a raw row in an event. */
    private static final int RAW_PIECE = 200;

    private final InstrumentDesk desk;
    private final GatewayModel model;
    private final long session;
    private final int day;
    private final Map<String, OddRow> rows = new LinkedHashMap<>();

    OddReport(InstrumentDesk desk, GatewayModel model, long session, int day) {
        this.desk = desk;
        this.model = model;
        this.session = session;
        this.day = day;
    }

    void add(OddRow row) {
        rows.putIfAbsent(row.key(), row);
    }

    void addAll(Iterable<OddRow> more) {
        more.forEach(this::add);
    }

    /** Whether the log shows this row as odd already. A row that is odd in the log is odd for every gateway. */
    boolean isKnown(OddRow row) {
        return model.isOdd(row.key(), day);
    }

    boolean hasOrder(String brokerOrderId) {
        return rows.containsKey(OddRow.key(BookList.ORDERS, brokerOrderId));
    }

    boolean hasTrade(BrokerTrade.Key trade) {
        return rows.containsKey(OddRow.key(BookList.TRADES, trade.exchange() + "/" + trade.tradeId()));
    }

    /** Instruments with an odd row in this list; 0 stands for a row of which the instrument is not known. */
    Set<Integer> instruments(BookList list) {
        Set<Integer> numbers = new TreeSet<>();
        rows.values().stream().filter(row -> row.list() == list).forEach(row -> numbers.add(instrument(row)));
        return numbers;
    }

    /** Reports the rows that the log does not show yet. */
    void submit(BookReport report, long readId) throws LogUnavailable {
        for (OddRow row : rows.values()) {
            if (!isKnown(row)) {
                LOG.warn("row not understood key=\"{}\" wrong=\"{}\" raw={}", row.key(), row.wrong(), row.raw());
                report.row(command(readId, row), () -> {});
            }
        }
    }

    /** Reports rows that are odd in the log but not in this whole read of all lists: they are understood now, or gone. */
    void submitEnded(BookReport report, long readId) throws LogUnavailable {
        for (Map.Entry<String, BookList> known : model.oddRows(day).entrySet()) {
            if (!rows.containsKey(known.getKey())) {
                LOG.info("row is understood or gone key=\"{}\"", known.getKey());
                OddRow ended = new OddRow(known.getValue(), known.getKey(), "", "", "", "", false, "", "");
                report.row(command(readId, ended), () -> {});
            }
        }
    }

    private Command.ReportOddRow command(long readId, OddRow row) {
        String raw = row.raw()
                .chars()
                .map(character -> character < ' ' || character > '~' ? '?' : character)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return new Command.ReportOddRow(
                session,
                readId,
                day,
                row.list(),
                instrument(row),
                row.perhapsOurs(),
                row.key(),
                row.brokerOrderId(),
                row.tag(),
                row.wrong(),
                piece(raw, 0),
                piece(raw, 1));
    }

    private static String piece(String text, int number) {
        int from = Math.min(text.length(), number * RAW_PIECE);
        return text.substring(from, Math.min(text.length(), from + RAW_PIECE));
    }

    private int instrument(OddRow row) {
        if (row.exchange().isEmpty() || row.symbol().isEmpty()) {
            return 0;
        }
        Listing listing = desk.require(row.exchange(), row.symbol());
        return listing == null ? 0 : listing.number();
    }
}
