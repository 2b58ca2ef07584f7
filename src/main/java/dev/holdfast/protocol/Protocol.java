package dev.holdfast.protocol;

import java.util.function.Supplier;

/**
 * What a replicated log and its machine speak: commands go in, events come out.
 *
 * @param commands gives a codec to each user, for a codec serves one thread
 * @param events likewise
 * @param stateHashes makes the command by which a member reports the hash of its machine's state
 */
public record Protocol<C, E>(Supplier<Codec<C>> commands, Supplier<Codec<E>> events, StateHashCommand<C> stateHashes) {

    /** Of the trading engine. */
    public static final Protocol<Command, Event> TRADING =
            new Protocol<>(CommandCodec::new, EventCodec::new, Command.ReportStateHash::new);

    /** Of the recovery machine. */
    public static final Protocol<RecoveryCommand, RecoveryEvent> RECOVERY =
            new Protocol<>(RecoveryCommandCodec::new, RecoveryEventCodec::new, RecoveryCommand.ReportStateHash::new);

    @FunctionalInterface
    public interface StateHashCommand<C> {
        C of(int member, long sequence, long stateHash);
    }
}
