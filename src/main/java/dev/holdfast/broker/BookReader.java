package dev.holdfast.broker;

import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.BookList;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Reply;
import dev.holdfast.types.Product;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
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
    /** A list that changes its day does so within fewer reads. */
    static final int READS_OF_ANOTHER_DAY = 3;

    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);

    private final Broker broker;
    private final Log log;
    private final InstrumentDesk desk;
    private final GatewayModel model;
    private final long session;
    private final ReportedRows reported = new ReportedRows();

    /** What CNC holdings each instrument had at the day's start: the broker's positions list leaves them out. */
    private final Map<Integer, Long> holdings = new TreeMap<>();

    private final List<OddRow> oddHoldings = new ArrayList<>();
    private int holdingsDay = -1;
    private long lastReadId;
    private boolean lastWasClean = true;

    BookReader(Broker broker, Log log, InstrumentDesk desk, GatewayModel model, long session) {
        this.broker = broker;
        this.log = log;
        this.desk = desk;
        this.model = model;
        this.session = session;
    }

    /**
     * One read.
     *
     * @param clean every call answered whole, and every row taken by the engine, as it is or as an odd one
     */
    record Outcome(long readId, boolean clean, BrokerFailure.@Nullable Kind failure) {}

    /** Reads the whole book. Throws only when the log is away; then nothing was proved either. */
    Outcome read(int day) throws LogUnavailable {
        reported.beginDay(day);
        long readId = begin();
        List<BrokerOrder> orders = List.of();
        List<BrokerTrade> trades = List.of();
        List<BrokerPosition> positions = List.of();
        OddReport odd = new OddReport(desk, model, session, day);
        boolean clean = true;
        BrokerFailure.Kind failure = null;
        String reason = "";
        try {
            readHoldings(day);
            odd.addAll(oddHoldings);
            // Trades first: then the orders, read later, have that of each trade, and no fill is booked to nobody.
            Broker.Rows<BrokerTrade> tradeRows = broker.trades();
            trades = tradeRows.rows();
            odd.addAll(tradeRows.odd());
            Broker.Rows<BrokerOrder> orderRows = broker.orders();
            orders = orderRows.rows();
            odd.addAll(orderRows.odd());
            Broker.Rows<BrokerPosition> positionRows = broker.positions();
            positions = positionRows.rows();
            odd.addAll(positionRows.odd());
            if (!reported.coveredBy(orders, trades, odd)) {
                clean = false;
                reason = "the lists show less than before";
            }
        } catch (BrokerFailure unanswered) {
            clean = false;
            failure = unanswered.kind();
            reason = String.valueOf(unanswered.getMessage());
        }
        Reporting reporting = new Reporting(readId, day, odd);
        boolean ofToday = true;
        for (BrokerOrder order : orders) {
            ofToday &= reporting.order(order);
        }
        for (BrokerTrade trade : trades) {
            ofToday &= reporting.trade(trade);
        }
        reporting.positions(positions, clean);
        boolean taken = reporting.settle(clean && ofToday);
        if (clean && !(ofToday && taken)) {
            clean = false;
            reason = ofToday ? "the engine refused a row: " + reporting.refusal : "the lists are of another day";
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
        Reporting reporting = new Reporting(readId, day, new OddReport(desk, model, session, day));
        boolean whole = true;
        int orders = 0;
        int trades = 0;
        try {
            for (String brokerOrderId : brokerOrderIds) {
                Broker.Rows<BrokerOrder> state = broker.order(brokerOrderId);
                Broker.Rows<BrokerTrade> fills = broker.trades(brokerOrderId);
                reporting.odd.addAll(state.odd());
                reporting.odd.addAll(fills.odd());
                for (BrokerOrder order : state.rows()) {
                    whole &= reporting.order(order);
                    orders++;
                }
                for (BrokerTrade trade : fills.rows()) {
                    whole &= reporting.trade(trade);
                    trades++;
                }
            }
        } catch (BrokerFailure notShown) {
            whole = false;
        }
        whole &= reporting.settle(false);
        log.submitAndWait(new Command.EndRead(session, readId, day, false, orders, trades, 0), REPLY_TIMEOUT);
        return whole;
    }

    /** Reports what the account carried into this day, and opens it. */
    boolean open(int day) throws LogUnavailable, BrokerFailure {
        reported.beginDay(day);
        long readId = begin();
        readHoldings(day);
        Broker.Rows<BrokerHolding> held = broker.holdings();
        Broker.Rows<BrokerPosition> positions = broker.positions();
        OddReport odd = new OddReport(desk, model, session, day);
        odd.addAll(held.odd());
        odd.addAll(positions.odd());
        BookReport report = new BookReport(log);
        for (BrokerHolding row : held.rows()) {
            Listing listing = desk.require(row.exchange(), row.symbol());
            if (listing == null) {
                odd.add(OddRow.of(row, unlisted(row.exchange(), row.symbol())));
            } else {
                opening(report, readId, listing, Product.CNC, row.quantity(), row.pricePaise());
            }
        }
        for (BrokerPosition row : positions.rows()) {
            Listing listing = desk.require(row.exchange(), row.symbol());
            if (listing == null) {
                odd.add(OddRow.of(row, unlisted(row.exchange(), row.symbol())));
            } else if (row.product() != Product.CNC) {
                // Delivery shares carried in are holdings; counting their position row too would double them.
                opening(report, readId, listing, row.product(), row.overnightQuantity(), row.pricePaise());
            }
        }
        odd.submit(report, readId);
        if (!report.settle()) {
            LOG.warn("trading day not opened day={} reason=\"the engine did not take all openings\"", day);
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
        if (begun.value() == 1) {
            reported.forgetPositions();
        }
        return readId;
    }

    private void readHoldings(int day) throws BrokerFailure {
        if (holdingsDay == day) {
            return;
        }
        Broker.Rows<BrokerHolding> rows = broker.holdings();
        holdings.clear();
        oddHoldings.clear();
        oddHoldings.addAll(rows.odd());
        for (BrokerHolding row : rows.rows()) {
            Listing listing = desk.require(row.exchange(), row.symbol());
            if (listing == null) {
                oddHoldings.add(OddRow.of(row, unlisted(row.exchange(), row.symbol())));
            } else {
                holdings.merge(listing.number(), row.quantity(), Math::addExact);
            }
        }
        holdingsDay = day;
    }

    private void opening(
            BookReport report, long readId, Listing listing, Product product, long quantity, long pricePaise) {
        if (quantity != 0) {
            report.row(
                    new Command.ReportOpening(session, readId, listing.number(), product, quantity, pricePaise),
                    () -> {});
        }
    }

    private static String unlisted(String exchange, String symbol) {
        return "no instruments list of the broker has " + Listing.key(exchange, symbol);
    }

    /** The rows of one read on their way into the log. */
    private final class Reporting {

        private final long readId;
        private final int day;
        private final OddReport odd;
        private final BookReport report = new BookReport(log);
        private final List<OddRow> refused = new ArrayList<>();
        private String refusal = "";

        Reporting(long readId, int day, OddReport odd) {
            this.readId = readId;
            this.day = day;
            this.odd = odd;
        }

        /** @return false if the row is of another day, so that the whole list may be yesterday's */
        boolean order(BrokerOrder order) {
            if (order.day() != day && order.day() != BrokerOrder.OF_ITS_LIST) {
                return strayed(OddRow.of(order, ofAnotherDay(order.day())));
            }
            if (!reported.isNew(order)) {
                return true;
            }
            Listing listing = desk.require(order.exchange(), order.symbol());
            if (listing == null) {
                odd.add(OddRow.of(order, unlisted(order.exchange(), order.symbol())));
                return true;
            }
            report.row(
                    new Command.ReportOrder(
                            session,
                            readId,
                            day,
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
                    () -> reported.reported(order),
                    why -> refused.add(OddRow.of(order, "the engine refused it: " + why)));
            return true;
        }

        boolean trade(BrokerTrade trade) {
            if (trade.day() != day) {
                return strayed(OddRow.of(trade, ofAnotherDay(trade.day())));
            }
            if (!reported.isNew(trade)) {
                return true;
            }
            Listing listing = desk.require(trade.exchange(), trade.symbol());
            if (listing == null) {
                odd.add(OddRow.of(trade, unlisted(trade.exchange(), trade.symbol())));
                return true;
            }
            report.row(
                    new Command.ReportTrade(
                            session,
                            readId,
                            day,
                            listing.number(),
                            trade.side(),
                            trade.product(),
                            trade.quantity(),
                            trade.pricePaise(),
                            trade.fillTimeNanos(),
                            trade.tradeId(),
                            trade.brokerOrderId()),
                    () -> reported.reported(trade),
                    why -> refused.add(OddRow.of(trade, "the engine refused it: " + why)));
            return true;
        }

        /** Reports the positions. One that vanished from a whole list is reported with what was held at the day's start. */
        void positions(List<BrokerPosition> rows, boolean whole) {
            Map<ReportedRows.Position, Long> quantities = new LinkedHashMap<>();
            for (BrokerPosition row : rows) {
                Listing listing = desk.require(row.exchange(), row.symbol());
                if (listing == null) {
                    odd.add(OddRow.of(row, unlisted(row.exchange(), row.symbol())));
                } else {
                    quantities.merge(
                            new ReportedRows.Position(listing.number(), row.product()), row.quantity(), Math::addExact);
                }
            }
            Set<Integer> oddPositions = odd.instruments(BookList.POSITIONS);
            Set<Integer> oddlyHeld = odd.instruments(BookList.HOLDINGS);
            if (whole) {
                Set<ReportedRows.Position> silent = reported.positions();
                holdings.keySet().forEach(number -> silent.add(new ReportedRows.Position(number, Product.CNC)));
                // An odd row may be the position that seems to be gone.
                silent.removeIf(position -> oddPositions.contains(0) || oddPositions.contains(position.instrument()));
                silent.forEach(position -> quantities.putIfAbsent(position, 0L));
            }
            quantities.forEach((position, listed) -> {
                boolean delivery = position.product() == Product.CNC;
                long quantity =
                        delivery ? Math.addExact(listed, holdings.getOrDefault(position.instrument(), 0L)) : listed;
                if (reported.isNew(position, quantity) && !(delivery && oddlyHeld.contains(position.instrument()))) {
                    report.row(
                            new Command.ReportPosition(
                                    session, readId, position.instrument(), position.product(), quantity),
                            () -> reported.reported(position, quantity),
                            why -> refusal = why);
                }
            });
        }

        /**
         * Waits until the engine has all of it. A row that it refused on the day that it has open is odd as well.
         *
         * @param whole the read shows every row there is
         * @return false when the engine refused one for another reason
         */
        boolean settle(boolean whole) {
            boolean taken = report.settle();
            boolean dayIsOpen = model.phase() != DayPhase.NONE && model.day() == day;
            if (!taken && dayIsOpen && refusal.isEmpty()) {
                refused.forEach(odd::add);
                taken = true;
            } else if (!taken && refusal.isEmpty()) {
                refusal = refused.getFirst().wrong();
            }
            BookReport oddities = new BookReport(log);
            odd.submit(oddities, readId);
            if (whole && !model.senderElsewhere()) {
                odd.submitEnded(oddities, readId);
            }
            return oddities.settle() && taken;
        }

        private String ofAnotherDay(int itsDay) {
            return "it is of " + LocalDate.ofEpochDay(itsDay) + ", today is " + LocalDate.ofEpochDay(day);
        }

        /**
         * At midnight the whole list is of another day for a moment. A row that goes on to be is odd.
         *
         * @return false while the read may not count as clean for it
         */
        private boolean strayed(OddRow row) {
            if (!odd.isKnown(row) && reported.readsOfAnotherDay(row.key()) < READS_OF_ANOTHER_DAY) {
                return false;
            }
            odd.add(row);
            return true;
        }
    }
}
