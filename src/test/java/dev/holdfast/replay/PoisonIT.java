package dev.holdfast.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cluster.RecordedLog;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real members, strategies that fail in every way and commands that make the engine throw: all agree, all go on. */
final class PoisonIT {

    private static final List<String> FAULTS = List.of("throw", "overflow", "assert", "null", "flood", "nonsense");

    @TempDir
    private Path folder;

    @Test
    void poison_and_failing_strategies_leave_three_members_with_one_hash_and_the_rest_trading() {
        try (TradingCluster cluster = new TradingCluster(folder, Duration.ofMinutes(10))) {
            cluster.openDay();
            cluster.start("sma", "sma-cross", "fast=2,slow=3");
            FAULTS.forEach(fault -> cluster.start(fault, "faulty", "how=" + fault));

            cluster.trade(10);
            Reply poisoned = cluster.submit(poison());
            cluster.trade(10);
            Reply after = cluster.buy(Side.BUY);

            assertThat(poisoned.code()).isEqualTo(ReplyCode.QUARANTINED);
            assertThat(after.accepted()).isTrue();
            assertThat(cluster.traders())
                    .allMatch(trader -> !trader.status().role().equals("STOPPED"));
        }

        List<Replay.Result> members = Stream.of(0, 1, 2)
                .map(member -> new Replay(RecordedLog.open(folder.resolve("member" + member))).to(Target.END))
                .toList();
        long shortest = members.stream()
                .mapToLong(each -> each.engine().sequence())
                .min()
                .orElseThrow();
        List<Long> hashes = Stream.of(0, 1, 2)
                .map(member -> new Replay(RecordedLog.open(folder.resolve("member" + member)))
                        .to(Target.sequence(shortest))
                        .engine()
                        .stateHash())
                .distinct()
                .toList();

        assertThat(hashes).hasSize(1);
        assertThat(members).allMatch(Replay.Result::agrees);
        List<Event.StrategyChanged> strategies = members.getFirst().engine().present().stream()
                .filter(Event.StrategyChanged.class::isInstance)
                .map(Event.StrategyChanged.class::cast)
                .toList();
        assertThat(strategies).hasSize(FAULTS.size() + 1);
        assertThat(strategies)
                .allMatch(each ->
                        each.state() == (each.kind().equals("faulty") ? StrategyState.FAILED : StrategyState.RUNNING));
    }

    /** Twice the quantity is beyond 64 bits: the arithmetic throws in the middle of deciding. */
    private static Command poison() {
        return new Command.ReportTrade(
                TradingCluster.GATEWAY,
                1,
                TradingCluster.DAY,
                1,
                Side.BUY,
                Product.MIS,
                Long.MAX_VALUE / 2,
                1_000_00,
                0,
                "poison",
                "poison");
    }
}
