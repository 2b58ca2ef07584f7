package dev.holdfast.broker;

import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Reply;
import dev.holdfast.types.Product;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the broker's book and reports what changed. The engine acknowledges the beginning of a read before the first call is
 * made, so what a clean read does not show was not in the book at that point of the log. Used by one thread.
 */
final class BookReader {

    private static final Logger LOG = LoggerFactory.getLogger(BookReader.class);
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);

    private final Broker broker;
    private final Log log;
    private final InstrumentDesk desk;
    private final long session;
    private final ReportedRows reported = new ReportedRows();

    /** What CNC holdings each instrument had at the day's start: the broker's positions list leaves them out. */
    private final Map<Integer, Long> holdings = new TreeMap<>();

    private int holdingsDay = -1;
    private long lastReadId;
    private boolean lastWasClean = true;

    BookReader(Broker broker, Log log, InstrumentDesk desk, long session) {
        this.broker = broker;
        this.log = log;
        this.desk = desk;
        this.session = session;
    }

    /**
     * One read.
     *
     * @param clean every call answered whole, every row understood and taken
     */
    record Outcome(long readId, boolean clean, BrokerFailure.@Nullable Kind failure) {}

    /** Reads the whole book. Throws only when the log is away; then nothing was proved either. */
    Outcome read(int day) throws LogUnavailable {
        reported.beginDay(day);
        long readId = begin();
        List<BrokerOrder> orders = List.of();
        List<BrokerTrade> trades = List.of();
        List<BrokerPosition> positions = List.of();
        boolean clean = true;
        BrokerFailure.Kind failure = null;
        String reason = "";
        try {
            readHoldings(day);
            // Trades first: then the orders, read later, have that of each trade, and no fill is booked to nobody.
            Broker.Rows<BrokerTrade> tradeRows = broker.trades();
            trades = tradeRows.rows();
            Broker.Rows<BrokerOrder> orderRows = broker.orders();
            orders = orderRows.rows();
            Broker.Rows<BrokerPosition> positionRows = broker.positions();
            positions = positionRows.rows();
            int malformed = orderRows.malformed() + tradeRows.malformed() + positionRows.malformed();
            if (malformed > 0) {
                clean = false;
                reason = malformed + " malformed rows";
            } else if (!reported.coveredBy(orders, trades)) {
                clean = false;
                reason = "the lists show less than before";
            }
        } catch (BrokerFailure unanswered) {
            clean = false;
            failure = unanswered.kind();
            reason = String.valueOf(unanswered.getMessage());
        }
        BookReport report = new BookReport(log);
        boolean known = true;
        for (BrokerOrder order : orders) {
            known &= report(report, readId, order);
        }
        for (BrokerTrade trade : trades) {
            known &= report(report, readId, trade);
        }
        known &= reportPositions(report, readId, positions, clean);
        boolean taken = report.settle();
        if (clean && !(known && taken)) {
            clean = false;
            reason = known
                    ? "the engine refused a row: " + report.refusal()
                    : "rows of instruments the broker does not list";
        }
        log.submitAndWait(
                new Command.EndRead(session, readId, day, clean, orders.size(), trades.size(), positions.size()),
                REPLY_TIMEOUT);
        if (clean != lastWasClean) {
            LOG.info("book read={} clean={} reason=\"{}\"", readId, clean, reason);
            lastWasClean = clean;
        }
        return new Outcome(readId, clean, failure);
    }

    /**
     * Reads only these orders and their fills, because something told that they changed: what a long book costs is spent on the
     * regular reads alone. Never clean, as it proves nothing about other orders.
     *
     * @return false when the broker did not show all of them
     */
    boolean readOrders(int day, Set<String> brokerOrderIds) throws LogUnavailable {
        reported.beginDay(day);
        long readId = begin();
        BookReport report = new BookReport(log);
        boolean whole = true;
        int orders = 0;
        int trades = 0;
        try {
            for (String brokerOrderId : brokerOrderIds) {
                Broker.Rows<BrokerOrder> state = broker.order(brokerOrderId);
                Broker.Rows<BrokerTrade> fills = broker.trades(brokerOrderId);
                whole &= state.malformed() + fills.malformed() == 0;
                for (BrokerOrder order : state.rows()) {
                    whole &= report(report, readId, order);
                    orders++;
                }
                for (BrokerTrade trade : fills.rows()) {
                    whole &= report(report, readId, trade);
                    trades++;
                }
            }
        } catch (BrokerFailure notShown) {
            whole = false;
        }
        whole &= report.settle();
        log.submitAndWait(new Command.EndRead(session, readId, day, false, orders, trades, 0), REPLY_TIMEOUT);
        return whole;
    }

    /** Reports what the account carried into this day, and opens it. */
    boolean open(int day) throws LogUnavailable, BrokerFailure {
        long readId = begin();
        readHoldings(day);
        Broker.Rows<BrokerHolding> held = broker.holdings();
        Broker.Rows<BrokerPosition> positions = broker.positions();
        BookReport report = new BookReport(log);
        boolean known = held.malformed() + positions.malformed() == 0;
        for (BrokerHolding row : held.rows()) {
            known &= opening(
                    report, readId, row.exchange(), row.symbol(), Product.CNC, row.quantity(), row.pricePaise());
        }
        for (BrokerPosition row : positions.rows()) {
            // Delivery shares carried in are holdings; counting their position row too would double them.
            if (row.product() != Product.CNC) {
                known &= opening(
                        report,
                        readId,
                        row.exchange(),
                        row.symbol(),
                        row.product(),
                        row.overnightQuantity(),
                        row.pricePaise());
            }
        }
        if (!report.settle() || !known) {
            LOG.warn("trading day not opened day={} reason=\"openings were not all understood or taken\"", day);
            return false;
        }
        Reply reply = log.submitAndWait(new Command.OpenDay(session, readId, day), REPLY_TIMEOUT);
        LOG.info("trading day opened day={} accepted={} reason=\"{}\"", day, reply.accepted(), reply.text());
        return reply.accepted();
    }

    /** Ends the day on the strength of a clean read that began after its close. */
    boolean close(int day, long cleanReadId) throws LogUnavailable {
        Reply reply = log.submitAndWait(new Command.CloseDay(session, cleanReadId, day), REPLY_TIMEOUT);
        LOG.info("trading day closed day={} accepted={} reason=\"{}\"", day, reply.accepted(), reply.text());
        return reply.accepted();
    }

    /** The engine lost what was reported to it: the next read reports every row again. */
    void forgetReported() {
        reported.clear();
    }

    private long begin() throws LogUnavailable {
        long readId = ++lastReadId;
        Reply begun = log.submitAndWait(new Command.BeginRead(session, readId), REPLY_TIMEOUT);
        if (!begun.accepted()) {
            throw new LogUnavailable("the engine refused to begin read " + readId + ": " + begun.text());
        }
        return readId;
    }

    private void readHoldings(int day) throws BrokerFailure {
        if (holdingsDay == day) {
            return;
        }
        Broker.Rows<BrokerHolding> rows = broker.holdings();
        if (rows.malformed() > 0) {
            throw new BrokerFailure(BrokerFailure.Kind.UNAVAILABLE, rows.malformed() + " malformed holdings");
        }
        holdings.clear();
        for (BrokerHolding row : rows.rows()) {
            Listing listing = desk.require(row.exchange(), row.symbol());
            if (listing != null) {
                holdings.merge(listing.number(), row.quantity(), Math::addExact);
            }
        }
        holdingsDay = day;
    }

    private boolean opening(
            BookReport report,
            long readId,
            String exchange,
            String symbol,
            Product product,
            long quantity,
            long pricePaise) {
        if (quantity == 0) {
            return true;
        }
        Listing listing = desk.require(exchange, symbol);
        if (listing == null) {
            return false;
        }
        report.row(
                new Command.ReportOpening(session, readId, listing.number(), product, quantity, pricePaise), () -> {});
        return true;
    }

    private boolean report(BookReport report, long readId, BrokerOrder order) {
        if (!reported.isNew(order)) {
            return true;
        }
        Listing listing = desk.require(order.exchange(), order.symbol());
        if (listing == null) {
            return false;
        }
        report.row(
                new Command.ReportOrder(
                        session,
                        readId,
                        order.day(),
                        listing.number(),
                        order.side(),
                        order.product(),
                        order.orderType(),
                        order.quantity(),
                        order.pricePaise(),
                        order.filledQuantity(),
                        order.state(),
                        order.placedBy(),
                        order.timeNanos(),
                        order.brokerOrderId(),
                        order.tag(),
                        order.status(),
                        order.message()),
                () -> reported.reported(order));
        return true;
    }

    private boolean report(BookReport report, long readId, BrokerTrade trade) {
        if (!reported.isNew(trade)) {
            return true;
        }
        Listing listing = desk.require(trade.exchange(), trade.symbol());
        if (listing == null) {
            return false;
        }
        report.row(
                new Command.ReportTrade(
                        session,
                        readId,
                        trade.day(),
                        listing.number(),
                        trade.side(),
                        trade.product(),
                        trade.quantity(),
                        trade.pricePaise(),
                        trade.fillTimeNanos(),
                        trade.tradeId(),
                        trade.brokerOrderId()),
                () -> reported.reported(trade));
        return true;
    }

    /** A position that vanished from a whole list is a position of what was held at the day's start. */
    private boolean reportPositions(BookReport report, long readId, List<BrokerPosition> rows, boolean whole) {
        boolean known = true;
        Map<ReportedRows.Position, Long> quantities = new LinkedHashMap<>();
        for (BrokerPosition row : rows) {
            Listing listing = desk.require(row.exchange(), row.symbol());
            if (listing == null) {
                known = false;
                continue;
            }
            quantities.merge(
                    new ReportedRows.Position(listing.number(), row.product()), row.quantity(), Math::addExact);
        }
        if (whole) {
            Set<ReportedRows.Position> silent = reported.positions();
            holdings.keySet().forEach(number -> silent.add(new ReportedRows.Position(number, Product.CNC)));
            silent.forEach(position -> quantities.putIfAbsent(position, 0L));
        }
        quantities.forEach((position, listed) -> {
            long quantity = position.product() == Product.CNC
                    ? Math.addExact(listed, holdings.getOrDefault(position.instrument(), 0L))
                    : listed;
            if (reported.isNew(position, quantity)) {
                report.row(
                        new Command.ReportPosition(
                                session, readId, position.instrument(), position.product(), quantity),
                        () -> reported.reported(position, quantity));
            }
        });
        return known;
    }
}
