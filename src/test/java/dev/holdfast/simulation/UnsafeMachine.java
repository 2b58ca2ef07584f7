package dev.holdfast.simulation;

import dev.holdfast.engine.TradingEngine;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.CommandCodec;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventCodec;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.Reply;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The engine as it would be without one of its safeguards; deterministic as the engine is. */
final class UnsafeMachine implements Machine {

    private final Machine engine = new TradingEngine();
    private final CommandCodec commands = new CommandCodec();
    private final EventCodec events = new EventCodec();
    private final Without without;

    enum Without {
        /** Every report of a trade looks like a trade of its own. */
        TRADE_KEYS,
        /** What a command throws goes through to the host. */
        QUARANTINE
    }

    UnsafeMachine(Without without) {
        this.without = without;
    }

    @Override
    public void onCommand(
            long timestampNanos,
            long clientId,
            long correlationId,
            DirectBuffer buffer,
            int offset,
            int length,
            Output output) {
        switch (without) {
            case TRADE_KEYS -> {
                if (commands.decode(buffer, offset, length) instanceof Command.ReportTrade trade) {
                    DirectBuffer renamed = renamed(trade, clientId + "-" + correlationId);
                    engine.onCommand(timestampNanos, clientId, correlationId, renamed, 0, renamed.capacity(), output);
                } else {
                    engine.onCommand(timestampNanos, clientId, correlationId, buffer, offset, length, output);
                }
            }
            case QUARANTINE -> {
                Watch watch = new Watch(output);
                engine.onCommand(timestampNanos, clientId, correlationId, buffer, offset, length, watch);
                if (!watch.thrown.isEmpty()) {
                    throw new IllegalStateException(watch.thrown);
                }
            }
        }
    }

    private DirectBuffer renamed(Command.ReportTrade trade, String suffix) {
        ExpandableArrayBuffer target = new ExpandableArrayBuffer(256);
        int length = commands.encode(
                new Command.ReportTrade(
                        trade.session(),
                        trade.readId(),
                        trade.day(),
                        trade.instrument(),
                        trade.side(),
                        trade.product(),
                        trade.quantity(),
                        trade.pricePaise(),
                        trade.fillTimeNanos(),
                        trade.tradeId() + "-" + suffix,
                        trade.brokerOrderId()),
                target,
                0);
        return new UnsafeBuffer(target, 0, length);
    }

    @Override
    public void onTimer(long timestampNanos, Output output) {
        engine.onTimer(timestampNanos, output);
    }

    @Override
    public void snapshot(SnapshotSink sink) {
        engine.snapshot(sink);
    }

    @Override
    public void restore(SnapshotSource source) {
        engine.restore(source);
    }

    @Override
    public long sequence() {
        return engine.sequence();
    }

    @Override
    public long stateHash() {
        return engine.stateHash();
    }

    /** Notices what the engine caught. */
    private final class Watch implements Output {
        private final Output output;
        private String thrown = "";

        Watch(Output output) {
            this.output = output;
        }

        @Override
        public void event(long sequence, DirectBuffer frame, int offset, int length) {
            output.event(sequence, frame, offset, length);
            if (events.decode(frame, offset + EventFrame.HEADER_LENGTH, length - EventFrame.HEADER_LENGTH)
                    instanceof Event.CommandQuarantined quarantined) {
                thrown = quarantined.reason();
            }
        }

        @Override
        public void reply(Reply reply) {
            output.reply(reply);
        }

        @Override
        public void scheduleTimer(long deadlineNanos) {
            output.scheduleTimer(deadlineNanos);
        }

        @Override
        public void stateHashed(long sequence, long stateHash) {
            output.stateHashed(sequence, stateHash);
        }

        @Override
        public void halt(int member, String reason) {
            output.halt(member, reason);
        }
    }
}
