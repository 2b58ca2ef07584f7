package dev.holdfast.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cluster.RecordedEvents;
import dev.holdfast.cluster.RecordedInputs;
import dev.holdfast.cluster.RecordedLog;
import dev.holdfast.cluster.Release;
import dev.holdfast.cluster.ReleaseHistory;
import dev.holdfast.engine.TradingEngine;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventCodec;
import dev.holdfast.replay.OrderStory.Kind;
import dev.holdfast.types.OrderState;
import io.aeron.cluster.RecordingLog;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.BitUtil;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What three real members recorded, rebuilt from their files: while they run, and after they have stopped. */
final class ReplayIT {

    private static final Duration SNAPSHOT_INTERVAL = Duration.ofSeconds(2);

    @TempDir
    private static Path folder;

    private static Replay.Result whileRunning;
    private static long refused;

    @BeforeAll
    static void trade() {
        try (TradingCluster cluster = new TradingCluster(folder, SNAPSHOT_INTERVAL)) {
            cluster.openDay();
            cluster.start("sma", "sma-cross", "fast=2,slow=3");
            cluster.trade(20);
            cluster.restartLeader();
            cluster.trade(5);
            cluster.awaitTrue(
                    "two snapshots",
                    () -> RecordedLog.open(cluster.folder(0)).snapshots().size() >= 2);
            cluster.trade(20);
            whileRunning = new Replay(RecordedLog.open(cluster.folder(0))).to(Target.END);
            cluster.trade(5);
            refused = cluster.refusedOrder();
        }
    }

    @Test
    void a_running_member_is_replayed_from_its_files_event_for_event() {
        assertThat(whileRunning.witness().difference()).isNull();
        assertThat(whileRunning.witness().compared())
                .isEqualTo(whileRunning.engine().sequence() - whileRunning.fromSequence());
        assertThat(whileRunning.fromSequence()).isPositive();
        assertThat(whileRunning.engine().present()).hasAtLeastOneElementOfType(Event.PositionChanged.class);
    }

    @Test
    void all_members_give_the_same_hash_at_the_same_sequence() {
        long last = Stream.of(0, 1, 2)
                .mapToLong(member -> log(member).events().last())
                .min()
                .orElseThrow();

        List<Long> hashes = Stream.of(0, 1, 2)
                .map(member -> new Replay(log(member)).to(Target.sequence(last)))
                .peek(result -> assertThat(result.agrees()).isTrue())
                .map(result -> result.engine().stateHash())
                .toList();

        assertThat(hashes.stream().distinct()).hasSize(1);
    }

    @Test
    void from_the_beginning_the_engine_passes_through_each_snapshot_bit_for_bit() {
        RecordedLog log = log(1);
        assertThat(log.snapshots()).hasSizeGreaterThanOrEqualTo(2);

        for (RecordedLog.Snapshot snapshot : log.snapshots()) {
            TradingEngine restored = new TradingEngine();
            log.restore(snapshot, restored);
            TradingEngine replayed = new TradingEngine();
            RecordedInputs inputs = log.inputs(0);
            Witness nobody = new Witness(log.events().after(0), Watcher.NOBODY);
            while (inputs.next() && inputs.position() <= snapshot.logPosition()) {
                inputs.applyTo(replayed, nobody);
            }
            assertThat(replayed.sequence()).isEqualTo(restored.sequence());
            assertThat(replayed.stateHash()).isEqualTo(restored.stateHash());
        }
    }

    @Test
    void a_sequence_before_the_first_snapshot_is_rebuilt_from_the_beginning_and_a_time_to_what_was_stamped_by_then() {
        Replay.Result early = new Replay(log(0)).to(Target.sequence(1));

        assertThat(early.fromSequence()).isZero();
        assertThat(early.engine().sequence()).isPositive();
        assertThat(early.agrees()).isTrue();
        Instant time = Instant.ofEpochSecond(0, early.engine().logTimeNanos());
        Replay.Result byTime = new Replay(log(0)).to(Target.time(time));
        assertThat(byTime.engine().logTimeNanos()).isEqualTo(early.engine().logTimeNanos());
        assertThat(byTime.engine().sequence())
                .isGreaterThanOrEqualTo(early.engine().sequence());
    }

    @Test
    void a_strategys_order_is_explained_from_the_tick_to_the_trade() {
        // On a starved machine a feed grows stale between two rounds, and that round's order ends unsent.
        Event.OrderChanged filled = ordersOf("sma").stream()
                .filter(order -> order.state() == OrderState.FILLED)
                .reduce((_, later) -> later)
                .orElseThrow();

        OrderStory story = new OrderExplainer(log(0), filled.tag()).explain();

        assertThat(story.missing()).isNull();
        assertThat(story.steps())
                .extracting(OrderStory.Step::kind)
                .startsWith(Kind.TICK, Kind.STRATEGY, Kind.STRATEGY, Kind.WISH, Kind.RISK, Kind.STATE, Kind.SEND)
                .containsSubsequence(Kind.SEND, Kind.ANSWER, Kind.STATE, Kind.FILL, Kind.TRADE, Kind.STATE);
        assertThat(story.order().state()).isEqualTo(OrderState.FILLED);
        assertThat(text(story, Kind.STRATEGY)).contains("sma before: fast=2 slow=3");
        assertThat(text(story, Kind.WISH)).contains("sma, at the end of a bar: fast average crossed");
        assertThat(text(story, Kind.ANSWER))
                .contains("ACCEPTED to send")
                .contains(story.order().brokerOrderId());
        assertThat(text(story, Kind.FILL)).contains("T" + story.order().orderNumber());
        assertThat(story.steps()).extracting(OrderStory.Step::sequence).isSorted();
        assertThat(story.steps()).extracting(OrderStory.Step::timeMillis).isSorted();
    }

    @Test
    void a_persons_refused_order_is_explained_with_the_limit_that_refused_it_by_events_alone_too() {
        OrderExplainer explainer = new OrderExplainer(log(1), Long.toString(refused));
        OrderStory whole = explainer.explain();
        OrderStory byEvents = new OrderExplainer(log(1), Long.toString(refused)).explainByEvents("as asked");

        assertThat(text(whole, Kind.WISH)).contains("by tester: too much");
        assertThat(text(whole, Kind.RISK)).contains("WISHED -> REFUSED").contains("is above the limit of");
        assertThat(text(byEvents, Kind.RISK)).isEqualTo(text(whole, Kind.RISK));
        assertThat(byEvents.missing()).isEqualTo("as asked");
        assertThatThrownBy(() -> new OrderExplainer(log(1), "999999"))
                .isInstanceOf(Impossible.class)
                .hasMessageContaining("no order '999999' is recorded");
    }

    @Test
    void what_is_not_recorded_is_refused_with_what_is() {
        RecordedLog log = log(0);
        long last = log.events().last();

        assertThatThrownBy(() -> new Replay(log).to(Target.sequence(last + 1)))
                .isInstanceOf(Impossible.class)
                .hasMessageContaining("event " + (last + 1) + " is not recorded")
                .hasMessageContaining("last is " + last);
        assertThatThrownBy(() -> new Replay(log).to(Target.time(Instant.parse("2020-01-01T00:00:00Z"))))
                .isInstanceOf(Impossible.class)
                .hasMessageContaining("log begins after 2020-01-01T00:00:00Z");
        assertThatThrownBy(() -> Target.parse("yesterday"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neither an event sequence");
        assertThatThrownBy(() -> RecordedLog.open(folder)).hasMessageContaining("no log is recorded in");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void from_the_first_input_every_event_that_a_stopped_member_recorded_comes_out_again(int member)
            throws IOException {
        Path copy = copy(member, "whole" + member);
        deleteSnapshots(copy);
        RecordedLog log = RecordedLog.open(copy);

        Replay.Result replayed = new Replay(log).to(Target.END);

        assertThat(replayed.agrees()).isTrue();
        assertThat(replayed.fromSequence()).isZero();
        assertThat(replayed.engine().sequence()).isEqualTo(log.events().last());
    }

    @Test
    void a_damaged_log_is_named_by_its_place_and_never_replayed_past() throws IOException {
        Path copy = copy(2, "damaged");
        flipPayload(logOf(copy), 20_000);
        deleteSnapshots(copy);

        assertThatThrownBy(() -> new Replay(RecordedLog.open(copy)).to(Target.END))
                .isInstanceOf(Impossible.class)
                .hasMessageContaining("the log ends before event")
                .hasMessageContaining("where a checksum is wrong");
    }

    @Test
    void who_wrote_the_log_is_noted_beside_it() {
        long last = log(0).events().last();

        assertThat(new ReleaseHistory(folder.resolve("member0")).writers(0, last))
                .containsExactly(Release.NONE);
    }

    private static List<Event.OrderChanged> ordersOf(String strategy) {
        RecordedEvents.Cursor cursor = log(0).events().after(0);
        List<Event.OrderChanged> orders = new ArrayList<>();
        EventCodec codec = new EventCodec();
        while (cursor.next()) {
            if (OrderSearch.decode(codec, cursor) instanceof Event.OrderChanged order
                    && order.strategy().equals(strategy)) {
                orders.add(order);
            }
        }
        return orders;
    }

    private static String text(OrderStory story, Kind kind) {
        return story.steps().stream()
                .filter(step -> step.kind() == kind)
                .map(OrderStory.Step::text)
                .collect(Collectors.joining("\n"));
    }

    private static RecordedLog log(int member) {
        return RecordedLog.open(folder.resolve("member" + member));
    }

    private static Path copy(int member, String name) throws IOException {
        Path source = folder.resolve("member" + member);
        Path target = folder.resolve(name);
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(source.relativize(file).toString()));
            }
        }
        return target;
    }

    /** What a snapshot's recording holds is damaged, so that only the log is left. */
    private static void deleteSnapshots(Path member) throws IOException {
        for (RecordedLog.Snapshot snapshot : RecordedLog.open(member).snapshots()) {
            Files.delete(member.resolve("archive").resolve(snapshot.recording() + "-0.rec"));
        }
    }

    private static Path logOf(Path member) {
        try (RecordingLog terms = new RecordingLog(member.resolve("cluster").toFile(), false)) {
            return member.resolve("archive").resolve(terms.findLastTermRecordingId() + "-0.rec");
        }
    }

    /** In the first frame from here on, behind its header: the checksum covers no header. */
    private static void flipPayload(Path file, int from) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer frames = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (at < from || frames.getShort(at + HeaderFlyweight.TYPE_FIELD_OFFSET) == HeaderFlyweight.HDR_TYPE_PAD) {
            assertThat(frames.getInt(at)).as("length of the frame at %d", at).isPositive();
            at += BitUtil.align(frames.getInt(at), FrameDescriptor.FRAME_ALIGNMENT);
        }
        bytes[at + DataHeaderFlyweight.HEADER_LENGTH] ^= 0x10;
        Files.write(file, bytes);
    }
}
