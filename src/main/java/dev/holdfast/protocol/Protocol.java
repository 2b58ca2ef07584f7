package dev.holdfast.protocol;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a replicated log and its machine speak: commands go in, events come out.
 *
 * @param commands gives a codec to each user, for a codec serves one thread
 * @param events likewise
 * @param reports makes the commands by which a member tells what only it knows
 */
public record Protocol<C, E>(Supplier<Codec<C>> commands, Supplier<Codec<E>> events, MemberReports<C> reports) {

    /** Of the trading engine. */
    public static final Protocol<Command, Event> TRADING =
            new Protocol<>(CommandCodec::new, EventCodec::new, new TradingReports());

    /** Of the recovery machine. */
    public static final Protocol<RecoveryCommand, RecoveryEvent> RECOVERY =
            new Protocol<>(RecoveryCommandCodec::new, RecoveryEventCodec::new, RecoveryCommand.ReportStateHash::new);

    @FunctionalInterface
    public interface MemberReports<C> {

        /** The machine's state after this event has this hash. */
        C stateHash(int member, long sequence, long stateHash);

        /** What a machine wants to know that tells its host of renewals ({@link Machine.Output#renewed}). */
        default Optional<C> renewal(long leadershipTerm, GrantKind kind, long ageNanos) {
            return Optional.empty();
        }
    }

    private static final class TradingReports implements MemberReports<Command> {

        @Override
        public Command stateHash(int member, long sequence, long stateHash) {
            return new Command.ReportStateHash(member, sequence, stateHash);
        }

        @Override
        public Optional<Command> renewal(long leadershipTerm, GrantKind kind, long ageNanos) {
            return Optional.of(new Command.ReportRenewal(leadershipTerm, kind, ageNanos));
        }
    }
}
