package dev.holdfast.recovery;

import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.MalformedMessage;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryCommandCodec;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.RecoveryEventCodec;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The recovery machine. This class only routes: it turns each input into a round of deciding and applying, then lets the
 * automation decide until nothing more follows.
 */
public final class RecoveryMachine implements Machine {

    static final long HASH_NANOS = 60_000_000_000L;
    static final long CHECKPOINT_NANOS = 600_000_000_000L;

    /** Steps that may follow from one input; more is a loop. */
    static final int MAX_STEPS = 32;

    private final State state = new State();
    private final Primaries primaries;
    private final Standbys standbys;
    private final Observations observations;
    private final Rebuilds rebuilds;
    private final Operators operators;
    private final Automation automation;

    private final RecoveryCommandCodec commands = new RecoveryCommandCodec();
    private final RecoveryEventCodec events = new RecoveryEventCodec();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[EventFrame.MAX_LENGTH]);

    private long sequence;
    private long chainHash = EventFrame.CHAIN_START;
    private long stampNanos;
    private long timerNanos;
    private long checkpointSequence;
    private long checkpointNanos;
    private long hashNanos;
    private long quarantineNanos = Long.MIN_VALUE / 2;

    public RecoveryMachine() {
        this(new Rules());
    }

    RecoveryMachine(Rules rules) {
        this.primaries = new Primaries(state, rules);
        this.standbys = new Standbys(state, rules);
        this.rebuilds = new Rebuilds(state, rules);
        this.observations = new Observations(state, standbys, rebuilds);
        Candidates candidates = new Candidates(state, primaries);
        this.operators = new Operators(state, primaries, candidates);
        this.automation = new Automation(state, primaries, candidates, standbys, observations, rebuilds);
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
        advance(timestampNanos, output);
        if (correlationId != 0) {
            Reply known = state.clients.precheck(clientId, correlationId);
            if (known != null) {
                output.reply(known);
                return;
            }
        }
        Answer answer = apply(clientId, correlationId, buffer, offset, length, output);
        followUp(output);
        if (correlationId != 0) {
            Reply reply = new Reply(clientId, correlationId, answer.code(), answer.value(), sequence, answer.text());
            state.clients.answered(reply, state.now);
            output.reply(reply);
        }
    }

    private Answer apply(
            long clientId, long correlationId, DirectBuffer buffer, int offset, int length, Output output) {
        int templateId = length >= 4 ? buffer.getShort(offset + 2, ByteOrder.LITTLE_ENDIAN) & 0xFFFF : 0;
        try {
            RecoveryCommand command = commands.decode(buffer, offset, length);
            if (correlationId == 0 && !(command instanceof RecoveryCommand.ReportInstance)) {
                throw new MalformedMessage("only reports of instances may come without a correlation id");
            }
            Decision decision = new Decision();
            Answer answer = route(command, decision, output);
            commit(decision, output);
            return answer;
        } catch (ApplyFailed fatal) {
            throw fatal;
        } catch (RuntimeException thrown) {
            String reason = Failures.wordsAndPlace(thrown);
            emit(new RecoveryEvent.CommandQuarantined(clientId, correlationId, templateId, reason), output);
            return new Answer(ReplyCode.QUARANTINED, 0, reason);
        }
    }

    private Answer route(RecoveryCommand command, Decision decision, Output output) {
        return switch (command) {
            case RecoveryCommand.Configure c -> operators.configure(c, decision);
            case RecoveryCommand.ReportInstance c -> observations.seen(c, decision);
            case RecoveryCommand.RenewLease c -> primaries.renew(c, decision);
            case RecoveryCommand.ReportDown c -> primaries.down(c, decision);
            case RecoveryCommand.ConfirmNames c -> standbys.confirm(c, decision);
            case RecoveryCommand.ReportPromoted c -> primaries.promoted(c, decision);
            case RecoveryCommand.ReportClone c -> rebuilds.cloned(c, decision);
            case RecoveryCommand.OrderFailover c -> operators.failover(c, decision);
            case RecoveryCommand.OrderSwitchover c -> operators.switchover(c, decision);
            case RecoveryCommand.PauseAutomation c -> operators.pause(c, decision);
            case RecoveryCommand.BeginAnew c -> operators.beginAnew(c, decision);
            case RecoveryCommand.ReportStateHash c -> state.agreement.report(c, decision, output);
            case RecoveryCommand.ReportDamage c -> observations.damaged(c, decision);
            case RecoveryCommand.WithdrawNames c -> standbys.withdraw(c, decision);
            case RecoveryCommand.Probe c -> Answer.ok(checkpointSequence);
        };
    }

    @Override
    public void onTimer(long timestampNanos, Output output) {
        advance(timestampNanos, output);
        followUp(output);
        if (state.elapsed - checkpointNanos >= CHECKPOINT_NANOS) {
            checkpoint(output);
        }
        schedule(timestampNanos, output);
        if (state.elapsed - hashNanos >= HASH_NANOS) {
            hashNanos = state.elapsed;
            output.stateHashed(sequence, stateHash());
        }
    }

    /** The log was without a leader: nobody could renew, so every lease counts in full again. The timer is kept by the log. */
    @Override
    public void onLeadershipTerm(long timestampNanos, long leadershipTerm, int leader, Output output) {
        elapse(timestampNanos);
        boolean held = switch (state.phase()) {
            case EMPTY, LOST -> false;
            case PROMOTING, SINGLE, TIGHTENING, GUARDED, RELAXING, STOPPING, FENCING -> true;
        };
        if (held) {
            emit(
                    new RecoveryEvent.LeasesRestarted(
                            leadershipTerm,
                            leader,
                            "member " + leader + " leads the log anew; before, nobody could renew"),
                    output);
        }
    }

    private void elapse(long timestampNanos) {
        if (stampNanos != 0) {
            state.elapsed += MachineTime.step(stampNanos, timestampNanos);
        }
        stampNanos = timestampNanos;
        state.now = Math.max(state.now, timestampNanos);
    }

    private void advance(long timestampNanos, Output output) {
        elapse(timestampNanos);
        if (checkpointSequence == 0) {
            checkpoint(output);
        }
        // Also when the timer was lost or the clock was set: the machine must never stand still.
        if (timerNanos == 0 || Math.abs(timestampNanos - timerNanos) > 10 * MachineTime.TIMER_NANOS) {
            schedule(timestampNanos, output);
        }
    }

    private void schedule(long timestampNanos, Output output) {
        timerNanos = timestampNanos + MachineTime.TIMER_NANOS;
        output.scheduleTimer(timerNanos);
    }

    private void followUp(Output output) {
        for (int step = 0; step < MAX_STEPS; step++) {
            if (!round(automation::next, output)) {
                return;
            }
        }
        throw new IllegalStateException(
                "more than " + MAX_STEPS + " decisions follow from one input, the last is " + state.phase);
    }

    /** @return whether anything was decided */
    private boolean round(Consumer<Decision> handler, Output output) {
        try {
            Decision decision = new Decision();
            handler.accept(decision);
            commit(decision, output);
            return !decision.isEmpty();
        } catch (ApplyFailed fatal) {
            throw fatal;
        } catch (RuntimeException thrown) {
            // It would throw again ten times a second: said once a minute.
            if (state.elapsed - quarantineNanos >= HASH_NANOS) {
                quarantineNanos = state.elapsed;
                emit(new RecoveryEvent.CommandQuarantined(0, 0, 0, Failures.wordsAndPlace(thrown)), output);
            }
            return false;
        }
    }

    private void commit(Decision decision, Output output) {
        for (Decision.Effect effect : decision.effects()) {
            try {
                switch (effect) {
                    case Decision.Emit emit -> emit(emit.event(), output);
                    case Decision.Change change -> change.change().run();
                }
            } catch (RuntimeException thrown) {
                throw new ApplyFailed("a decided effect could not be applied: " + effect, thrown);
            }
        }
    }

    /** Thrown while applying: state may be half-changed, so the member must halt. */
    private static final class ApplyFailed extends RuntimeException {
        ApplyFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private void emit(RecoveryEvent event, Output output) {
        publish(event, output);
        state.apply(event);
    }

    private void publish(RecoveryEvent event, Output output) {
        int length = events.encode(event, frame, EventFrame.HEADER_LENGTH);
        sequence++;
        chainHash = EventFrame.seal(frame, length, sequence, chainHash, state.now);
        output.event(sequence, frame, 0, EventFrame.HEADER_LENGTH + length);
    }

    /** Repeats the present state, so that a new reader need not read the past. */
    private void checkpoint(Output output) {
        checkpointNanos = state.elapsed;
        publish(new RecoveryEvent.CheckpointStarted(), output);
        checkpointSequence = sequence;
        present().forEach(event -> publish(event, output));
        publish(new RecoveryEvent.CheckpointEnded(), output);
    }

    /** The present state, as the events that a reader who knows nothing needs. */
    public List<RecoveryEvent> present() {
        return state.present();
    }

    @Override
    public void snapshot(SnapshotSink sink) {
        save().sendTo(sink);
    }

    private StateWriter save() {
        StateWriter out = new StateWriter();
        out.number(sequence);
        out.number(chainHash);
        out.number(stampNanos);
        out.number(timerNanos);
        out.number(checkpointSequence);
        out.number(checkpointNanos);
        out.number(hashNanos);
        out.number(quarantineNanos);
        state.save(out);
        return out;
    }

    @Override
    public void restore(SnapshotSource source) {
        StateReader in = new StateReader(source);
        try {
            sequence = in.number();
            chainHash = in.number();
            stampNanos = in.number();
            timerNanos = in.number();
            checkpointSequence = in.number();
            checkpointNanos = in.number();
            hashNanos = in.number();
            quarantineNanos = in.number();
            state.load(in);
            in.requireEnd();
        } catch (CorruptSnapshot corrupt) {
            throw corrupt;
        } catch (RuntimeException unreadable) {
            throw new CorruptSnapshot("snapshot cannot be read: " + unreadable);
        }
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public long stateHash() {
        return save().hash();
    }
}
