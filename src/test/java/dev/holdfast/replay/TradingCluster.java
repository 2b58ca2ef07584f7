package dev.holdfast.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cluster.AeronLog;
import dev.holdfast.cluster.AeronLogOptions;
import dev.holdfast.cluster.MemberProfile;
import dev.holdfast.cluster.Trader;
import dev.holdfast.cluster.TraderOptions;
import dev.holdfast.engine.TradingEngine;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogStatus;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three members with the trading engine, and a gateway as simple as can be: it accepts and fills whatever it is to send. */
final class TradingCluster implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(90);
    static final long GATEWAY = 77;
    static final int DAY = 20_780;
    private static final String SECRET = "the-cluster-secret";
    private static final List<String> ADDRESSES = List.of("127.0.42.1", "127.0.42.2", "127.0.42.3");

    private final Path folder;
    private final Duration snapshotInterval;
    private final List<Trader> traders;
    private final Log log;
    private final EventReader<Event> reader;
    private final List<Event> unanswered = new ArrayList<>();
    private long epoch;
    private long feedEpoch;
    private long readId;

    TradingCluster(Path folder, Duration snapshotInterval) {
        this.folder = folder;
        this.snapshotInterval = snapshotInterval;
        this.traders = IntStream.range(0, ADDRESSES.size())
                .mapToObj(this::trader)
                .collect(Collectors.toCollection(ArrayList::new));
        traders.forEach(Trader::start);
        this.log = AeronLog.connect(
                new AeronLogOptions("gateway", ADDRESSES.getFirst(), ADDRESSES, SECRET, aeron("gateway")));
        this.reader = log.readAfter(0);
    }

    private Trader trader(int member) {
        return new Trader(options(member, snapshotInterval), TradingEngine::new);
    }

    /** The leader stops and comes back, and another begins a term. */
    void restartLeader() {
        LogStatus before = log.status();
        traders.get(before.leader()).close();
        traders.set(before.leader(), trader(before.leader()));
        traders.get(before.leader()).start();
        awaitTrue("another term", () -> log.status().connected() && log.status().term() > before.term());
    }

    /** Limits, an instrument, both grants, a fresh feed, an open day. */
    void openDay() {
        submit(new Command.Configure(
                BrokerProfile.DRILL,
                false,
                true,
                0,
                0,
                123_456,
                10_000_000_00L,
                10_000,
                20_000,
                100_000_000_00L,
                500,
                1_000_000_00L,
                5_000,
                "test",
                "set-up"));
        submit(new Command.DefineInstrument(100, InstrumentKind.EQUITY, 5, 1, 0, 0, 0, "NSE", "INFY"));
        submit(new Command.ReportBrokerSession(GATEWAY, BrokerSessionState.VALID, ""));
        renew();
        submit(new Command.BeginRead(GATEWAY, ++readId));
        submit(new Command.OpenDay(GATEWAY, readId, DAY));
        submit(new Command.EndRead(GATEWAY, readId, DAY, true, 0, 0, 0));
    }

    void start(String strategy, String kind, String parameters) {
        submit(new Command.DefineStrategy(1, Product.MIS, 5, strategy, kind, parameters, "tester"));
        submit(new Command.ControlStrategy(true, strategy, "tester", "go"));
    }

    /** Prices, bars and an order by hand, again and again; whatever the engine wants sent is accepted and filled. */
    void trade(int rounds) {
        for (int round = 0; round < rounds; round++) {
            renew();
            long price = 1_500_00 + round % 7 * 100L;
            tick(price);
            submit(new Command.ReportBar(GATEWAY, feedEpoch, 1, round, price, price, price, price, 10, 1));
            buy(round % 2 == 0 ? Side.BUY : Side.SELL);
            answer(SendOutcome.ACCEPTED);
        }
    }

    void tick(long pricePaise) {
        submit(new Command.ReportTick(
                GATEWAY,
                feedEpoch,
                1,
                pricePaise,
                1,
                100,
                pricePaise,
                pricePaise,
                pricePaise,
                pricePaise,
                pricePaise,
                pricePaise,
                pricePaise - 5,
                10,
                pricePaise + 5,
                10,
                0,
                1));
    }

    Reply buy(Side side) {
        return submit(new Command.PlaceOrder(1, side, Product.MIS, OrderType.MARKET, 1, 0, "", "tester", "by hand"));
    }

    /** The number of an order by hand that no limit lets through. */
    long refusedOrder() {
        return submit(new Command.PlaceOrder(
                        1, Side.BUY, Product.MIS, OrderType.MARKET, 50_000, 0, "", "tester", "too much"))
                .value();
    }

    /** Answers every send request so far. */
    void answer(SendOutcome outcome) {
        long now = submit(new Command.Probe()).sequence();
        while (reader.sequence() < now) {
            assertThat(reader.poll((header, event) -> unanswered.add(event), 1_000, LIMIT))
                    .isPositive();
        }
        for (Event event : List.copyOf(unanswered)) {
            if (event instanceof Event.SendRequested send && send.action() == SendAction.PLACE) {
                boolean accepted = outcome == SendOutcome.ACCEPTED;
                String brokerId = accepted ? "B" + send.orderNumber() : "";
                submit(new Command.ReportSend(
                        send.epoch(),
                        send.sendNumber(),
                        send.orderNumber(),
                        outcome,
                        brokerId,
                        accepted ? "" : "InputException",
                        accepted ? "" : "no such thing"));
                if (accepted) {
                    submit(new Command.ReportTrade(
                            GATEWAY,
                            readId,
                            DAY,
                            1,
                            send.side(),
                            send.product(),
                            send.quantity(),
                            1_500_00,
                            0,
                            "T" + send.orderNumber(),
                            brokerId));
                }
            }
        }
        unanswered.clear();
    }

    Reply submit(Command command) {
        return log.submitAndWait(command, LIMIT);
    }

    Path folder(int member) {
        return folder.resolve("member" + member);
    }

    Log log() {
        return log;
    }

    List<Trader> traders() {
        return traders;
    }

    void awaitTrue(String what, BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited %s for %s", LIMIT, what).isLessThan(deadlineNanos);
            trade(1);
        }
    }

    private void renew() {
        epoch = grant(GrantKind.SENDER);
        feedEpoch = grant(GrantKind.FEED);
        assertThat(epoch).isPositive();
    }

    private long grant(GrantKind kind) {
        return submit(new Command.RenewGrant(GATEWAY, kind, true, false, "a")).value();
    }

    private TraderOptions options(int member, Duration snapshotInterval) {
        return new TraderOptions(
                MemberProfile.TRADER,
                member,
                ADDRESSES,
                folder(member),
                aeron("member" + member),
                SECRET,
                false,
                snapshotInterval,
                Duration.ofDays(1),
                Long.MAX_VALUE);
    }

    private Path aeron(String name) {
        Path shared = Path.of("/dev/shm");
        return (Files.isWritable(shared) ? shared : folder)
                .resolve("holdfast-test-" + folder.getFileName() + "-" + name);
    }

    @Override
    public void close() {
        reader.close();
        log.close();
        List<Thread> stopping = traders.stream()
                .map(trader -> Thread.ofPlatform().start(trader::close))
                .toList();
        try {
            for (Thread thread : stopping) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
