package dev.holdfast.drill;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.types.OrderState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Follows the event stream in a thread of its own and keeps of it what a drill needs. Thread-safe. */
final class EventTail implements AutoCloseable {

    private static final int KEPT_TAGS = 20_000;
    private static final int KEPT_SIGNS = 1_000;

    private final LogFollower<Command, Event> follower;
    private final Map<String, Long> wishedNanosByTag = oldestFirst(KEPT_TAGS);
    private final List<Sign> signs = new ArrayList<>();
    private final Map<Integer, Event.InstrumentDefined> instruments = new TreeMap<>();
    private final Map<String, Event.StrategyChanged> strategies = new TreeMap<>();
    private String senderHost = "";
    private boolean realBroker;
    private Event.@Nullable Pulse pulse;
    private long pulseNanos;
    private long sequence;

    /** Something by which one can tell that the system has noticed. */
    record Sign(long atNanos, Kind kind, String text) {
        enum Kind {
            SENDER_CHANGED,
            SENDER_GRANTED,
            ORDER_IN_DOUBT
        }
    }

    /**
     * The engine's state as far as it matters here.
     *
     * @param pulseNanos log time of the last pulse, 0 before the first
     * @param reason why it cannot trade, empty when it can
     * @param senderHost empty when nobody may send
     */
    record Facts(
            long sequence,
            boolean canTrade,
            String reason,
            long pulseNanos,
            int uncertain,
            String senderHost,
            boolean realBroker,
            List<Event.InstrumentDefined> instruments,
            List<Event.StrategyChanged> strategies) {}

    EventTail(Log log) {
        this.follower = new LogFollower<>("drill-events", log, new Command.Probe(), this::apply);
    }

    void start() {
        follower.start();
    }

    synchronized Facts facts() {
        Event.Pulse last = pulse;
        return new Facts(
                sequence,
                last != null && last.canTrade() && !senderHost.isEmpty(),
                last == null ? "the engine has no pulse yet" : last.reason(),
                pulseNanos,
                last == null ? 0 : last.uncertain(),
                senderHost,
                realBroker,
                List.copyOf(instruments.values()),
                List.copyOf(strategies.values()));
    }

    synchronized OptionalLong wishedNanos(String tag) {
        Long wished = wishedNanosByTag.get(tag);
        return wished == null ? OptionalLong.empty() : OptionalLong.of(wished);
    }

    /** The first sign of this kind after an instant. */
    synchronized java.util.Optional<Sign> firstSign(Sign.Kind kind, long afterNanos) {
        return signs.stream()
                .filter(sign -> sign.kind() == kind && sign.atNanos() > afterNanos)
                .findFirst();
    }

    synchronized void apply(EventHeader header, Event event) {
        sequence = header.sequence();
        switch (event) {
            case Event.OrderChanged order -> {
                if (!order.tag().isEmpty()) {
                    wishedNanosByTag.put(order.tag(), order.wishedNanos());
                }
                if (order.state() == OrderState.UNCERTAIN && order.previousState() != OrderState.UNCERTAIN) {
                    sign(new Sign(header.logTimeNanos(), Sign.Kind.ORDER_IN_DOUBT, "an order is uncertain"));
                }
            }
            case Event.GrantChanged grant
            when grant.kind() == GrantKind.SENDER -> {
                boolean nobody = grant.session() == 0;
                String text = nobody ? "nobody may send: " + grant.reason() : "sender is " + grant.host();
                sign(new Sign(header.logTimeNanos(), Sign.Kind.SENDER_CHANGED, text));
                if (!nobody) {
                    sign(new Sign(header.logTimeNanos(), Sign.Kind.SENDER_GRANTED, text));
                }
                senderHost = nobody ? "" : grant.host();
            }
            case Event.InstrumentDefined instrument -> instruments.put(instrument.instrument(), instrument);
            case Event.StrategyChanged strategy -> strategies.put(strategy.name(), strategy);
            case Event.EngineConfigured configured -> realBroker = configured.realBroker();
            case Event.Pulse fresh -> {
                pulse = fresh;
                pulseNanos = header.logTimeNanos();
            }
            default -> {} // of no consequence to a drill
        }
    }

    private void sign(Sign sign) {
        if (signs.size() == KEPT_SIGNS) {
            signs.removeFirst();
        }
        signs.add(sign);
    }

    private static Map<String, Long> oldestFirst(int kept) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > kept;
            }
        };
    }

    @Override
    public void close() {
        follower.close();
    }
}
