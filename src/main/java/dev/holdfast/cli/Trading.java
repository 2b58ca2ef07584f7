package dev.holdfast.cli;

import dev.holdfast.log.EventReader;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.runtime.Configuration;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalTime;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Configures the engine, defines and starts the strategies, and waits until an order has filled. */
final class Trading {

    private static final Duration ENGINE_LIMIT = Duration.ofSeconds(60);
    private static final Duration FILL_LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int BATCH = 1_024;
    private static final String REASON = "holdfast.yaml at the start";
    private static final LocalTime LAST_SECOND = LocalTime.of(23, 59, 59);

    private final Configuration configuration;
    private final Operator engine;
    private final Console console;
    private final Picture picture = new Picture();
    private final Set<String> told = new HashSet<>();
    private final Set<String> defined = new HashSet<>();
    private long afterSequence;
    private @Nullable Long firstFillMillis;

    Trading(Home home, Operator engine, Console console) {
        this.configuration = home.configuration();
        this.engine = engine;
        this.console = console;
    }

    /** @param sentence what came of it, for a person */
    record Outcome(boolean ok, @Nullable Long firstFillMillis, String sentence) {}

    Outcome begin() {
        Reply configured = engine.submit(configure(), ENGINE_LIMIT);
        if (!configured.accepted()) {
            throw Failure.usage("the engine refuses the configuration: " + configured.text());
        }
        console.progress("the engine answers: member " + engine.status().leader() + " leads");
        afterSequence = configured.sequence();
        Reply now = engine.submit(new Command.Probe(), ENGINE_LIMIT);
        long deadline = System.nanoTime() + FILL_LIMIT.toNanos();
        try (EventReader<Event> events = engine.log().readAfter(now.value() - 1)) {
            while (System.nanoTime() - deadline < 0) {
                events.poll(this::onEvent, BATCH, POLL);
                if (events.sequence() >= now.sequence()) {
                    defineStrategies();
                    if (firstFillMillis != null || (mayTrade() && !fillExpected())) {
                        return done();
                    }
                    if (killed() && picture.grant(GrantKind.SENDER).isPresent()) {
                        return new Outcome(
                                true,
                                null,
                                "Up, and not trading: the kill switch is engaged. './holdfast kill off' releases it.");
                    }
                }
            }
        }
        String why = picture.pulse()
                .map(Event.Pulse::reason)
                .filter(text -> !text.isEmpty())
                .orElse("no order was filled");
        String waiting = configuration.strategies().stream()
                .filter(wanted -> picture.strategy(wanted.name()).isEmpty())
                .map(wanted -> wanted.name() + " waits for " + wanted.instrument() + ", which the broker does not list")
                .collect(Collectors.joining("; "));
        return new Outcome(
                false,
                null,
                "Not trading after " + FILL_LIMIT.toSeconds() + " s: " + why
                        + (waiting.isEmpty() ? "" : "; " + waiting)
                        + ". './holdfast status' shows what runs, './holdfast logs' what it said.");
    }

    private Outcome done() {
        Long fill = firstFillMillis;
        return new Outcome(
                true,
                fill,
                fill == null
                        ? "Up in " + console.elapsedMillis() / 1000.0 + " s."
                        : "Trading: the first order filled after " + fill / 1000.0 + " s.");
    }

    /** Only the canary trades at once; others wait for the market to give them a reason. */
    private boolean fillExpected() {
        return configuration.strategies().stream()
                .filter(strategy -> strategy.kind().equals("canary"))
                .anyMatch(strategy -> picture.strategy(strategy.name())
                        .map(known -> known.state() == StrategyState.RUNNING)
                        .orElse(strategy.start()));
    }

    private boolean killed() {
        return picture.switches().stream()
                .anyMatch(each -> each.engaged() && each.kind() == SwitchKind.KILL && each.scope() == SwitchScope.ALL);
    }

    private boolean mayTrade() {
        return picture.pulse().map(Event.Pulse::canTrade).orElse(false);
    }

    private void onEvent(EventHeader header, Event event) {
        picture.apply(event);
        switch (event) {
            case Event.GrantChanged grant
            when grant.kind() == GrantKind.SENDER && grant.session() != 0 && header.sequence() > afterSequence ->
                tell("the gateway on host " + grant.host() + " may send (epoch " + grant.epoch() + ")");
            case Event.BrokerSessionChanged session
            when header.sequence() > afterSequence ->
                tell("broker session " + session.state() + (session.detail().isEmpty() ? "" : ": " + session.detail()));
            case Event.Pulse pulse
            when pulse.canTrade() -> tell("the engine may trade: " + picture.instrumentCount() + " instruments");
            case Event.TradeBooked trade
            when header.sequence() > afterSequence && firstFillMillis == null -> {
                firstFillMillis = console.elapsedMillis();
                tell("first fill: " + trade.side() + " " + trade.quantity() + " " + picture.nameOf(trade.instrument())
                        + " at " + Paise.text(trade.pricePaise())
                        + (trade.strategy().isEmpty() ? "" : " by " + trade.strategy()));
            }
            default -> {}
        }
    }

    private void tell(String text) {
        if (told.add(text)) {
            console.progress(text);
        }
    }

    /** Each as soon as the gateway has defined its instrument. */
    private void defineStrategies() {
        for (Configuration.Strategy wanted : configuration.strategies()) {
            if (!defined.contains(wanted.name())
                    && picture.strategy(wanted.name()).isEmpty()) {
                picture.instrument(wanted.instrument()).ifPresent(instrument -> {
                    defined.add(wanted.name());
                    define(wanted, instrument.instrument());
                });
            }
        }
    }

    private void define(Configuration.Strategy wanted, int instrument) {
        String parameters = new TreeMap<>(wanted.parameters())
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
        Reply answer = engine.submit(new Command.DefineStrategy(
                instrument,
                wanted.product(),
                wanted.quantity(),
                wanted.name(),
                wanted.kind(),
                parameters,
                Operator.USER));
        if (answer.accepted() && wanted.start()) {
            answer = engine.submit(new Command.ControlStrategy(true, wanted.name(), Operator.USER, REASON));
        }
        console.progress("strategy " + wanted.name() + " on " + wanted.instrument() + ": "
                + (answer.accepted() ? wanted.start() ? "started" : "defined" : "refused, " + answer.text()));
    }

    private Command.Configure configure() {
        Configuration.Broker broker = configuration.broker();
        Configuration.Risk risk = configuration.risk();
        LocalTime open = broker.marketOpen();
        LocalTime close = broker.marketClose();
        return new Command.Configure(
                broker.profile(),
                !broker.simulated(),
                open == null,
                open == null ? 0 : open.toSecondOfDay(),
                (close == null ? LAST_SECOND : close).toSecondOfDay(),
                new SecureRandom().nextInt(1, Integer.MAX_VALUE),
                risk.maxOrderValuePaise(),
                risk.maxOrderQuantity(),
                risk.maxPositionQuantity(),
                risk.maxExposurePaise(),
                risk.priceBandBasisPoints(),
                risk.maxDailyLossPaise(),
                risk.staleFeedMillis(),
                Operator.USER,
                REASON);
    }
}
