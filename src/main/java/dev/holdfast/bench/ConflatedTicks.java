package dev.holdfast.bench;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogStatus;
import dev.holdfast.marketdata.GatewayLink;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.FeedState;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The end of the feed's way: counts what would go to the log. Used by one thread. */
final class ConflatedTicks implements Log {

    private static final Reply TAKEN = new Reply(1, 1, ReplyCode.OK, 0, 0, "");

    private long ticks;
    private long gaps;

    long ticks() {
        return ticks;
    }

    long gaps() {
        return gaps;
    }

    /** A gateway that holds the feed grant all the time. */
    GatewayLink gateway(Map<Long, Integer> instruments) {
        return new GatewayLink() {
            @Override
            public long session() {
                return 1;
            }

            @Override
            public long feedEpoch() {
                return 1;
            }

            @Override
            public void feedReady(boolean ready) {
                // It holds the grant anyway.
            }

            @Override
            public void feedFit(String unfitBecause) {
                // There is no other.
            }

            @Override
            public long marketAgeMillis() {
                return 0;
            }

            @Override
            public String name(int instrument) {
                return "instrument " + instrument;
            }

            @Override
            public void instrumentsDoubted() {
                // They never change.
            }

            @Override
            public Map<Long, Integer> instrumentsByToken() {
                return instruments;
            }

            @Override
            public void orderChanged(String brokerOrderId) {
                // There are no orders.
            }
        };
    }

    @Override
    public CompletableFuture<Reply> submit(Command command) {
        if (command instanceof Command.ReportFeed feed && feed.state() == FeedState.GAP) {
            gaps++;
        }
        return CompletableFuture.completedFuture(TAKEN);
    }

    @Override
    public Reply submitAndWait(Command command, Duration timeout) {
        return submit(command).join();
    }

    @Override
    public boolean offer(Command command) {
        ticks++;
        return true;
    }

    @Override
    public EventReader<Event> readAfter(long afterSequence) {
        throw new UnsupportedOperationException("the feed reads no events");
    }

    @Override
    public LogStatus status() {
        return new LogStatus(true, 0, 1);
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
