package dev.holdfast.bench;

import dev.holdfast.cluster.MemberProfile;
import dev.holdfast.cluster.Trader;
import dev.holdfast.cluster.TraderOptions;
import dev.holdfast.engine.TradingEngine;
import dev.holdfast.protocol.Machine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A member's process: the trader's own host around one of two machines. The cluster's secret is its first line of input. */
final class BenchMember {

    private BenchMember() {}

    /** What decides. */
    @SuppressWarnings("ImmutableEnumChecker") // a supplier without state
    enum Kind {
        /** The trading engine, with nothing that could be sent. */
        ENGINE,
        ECHO;

        Machine machine() {
            return switch (this) {
                case ENGINE -> TradingEngine.unsent();
                case ECHO -> new BareEcho();
            };
        }
    }

    /** Arguments: kind, member, addresses with commas, folder, Aeron's folder, whether each write is forced to the disk. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String secret = Objects.requireNonNull(input.readLine(), "no secret came");
        BenchProcess.endWithStarter();
        Trader trader = new Trader(
                TraderOptions.of(
                        MemberProfile.TRADER,
                        Integer.parseInt(arguments[1]),
                        List.of(arguments[2].split(",", -1)),
                        Path.of(arguments[3]),
                        Path.of(arguments[4]),
                        secret,
                        Boolean.parseBoolean(arguments[5])),
                Kind.valueOf(arguments[0])::machine);
        trader.start();
        System.err.println("ended: " + trader.awaitTermination());
        Runtime.getRuntime().halt(1);
    }
}
