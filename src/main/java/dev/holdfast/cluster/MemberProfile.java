package dev.holdfast.cluster;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Protocol;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import java.time.Duration;
import java.util.List;

/**
 * In what one replicated machine's members and clients differ from another's. Both machines may have a member on the same
 * host.
 *
 * @param word for a member, in lines and messages
 * @param firstPort the members use some of the ten ports from here on
 * @param shortestPark of a member's thread that has much to do; it grows up to the longest
 * @param heartbeatInterval of a leader; a member without one for the time-out elects another
 * @param silence of the event stream after which a reader tries another member
 * @param termBytes of a driver's buffers, of which a connection has three
 * @param logTermBytes likewise, for the log between the members
 * @param eventTermBytes likewise, for the event stream on its way to the archive
 * @param logRetention log younger than this is kept even when two snapshots made it needless, so that a member that was away
 *     for that long can catch up
 * @param remedy what a person does about a folder from which a member must not or cannot go on
 */
public record MemberProfile<C, E>(
        String word,
        Protocol<C, E> protocol,
        int firstPort,
        Duration shortestPark,
        Duration longestPark,
        Duration heartbeatInterval,
        Duration heartbeatTimeout,
        Duration silence,
        int termBytes,
        int logTermBytes,
        int eventTermBytes,
        int socketBufferBytes,
        Duration logRetention,
        String remedy) {

    /**
     * Hosts the trading engine. An idle one takes some six hundredths of a core, and a killed leader is replaced within a second. An
     * order passes some six threads of members, each of which may be parked; its way to the broker takes tens of
     * milliseconds. The engine causes an event each second.
     */
    public static final MemberProfile<Command, Event> TRADER = new MemberProfile<>(
            "trader",
            Protocol.TRADING,
            7000,
            Duration.ofMillis(1),
            Duration.ofMillis(4),
            Duration.ofMillis(50),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            256 << 10,
            4 << 20,
            1 << 20,
            1 << 20,
            Duration.ofDays(9), // seven trading days and the weekend between
            "reseed it: './holdfast reseed HOST'");

    /**
     * Hosts the recovery machine within an agent. Some commands a second come, each worth some hundred bytes, and none is in a
     * hurry of milliseconds: what is idle may sleep, but a killed leader is replaced as fast as a trader is. The machine is
     * silent until it is configured; then each host causes an event about each second.
     */
    public static final MemberProfile<RecoveryCommand, RecoveryEvent> VOTER = new MemberProfile<>(
            "voter",
            Protocol.RECOVERY,
            7010,
            Duration.ofMillis(4),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMillis(600),
            Duration.ofSeconds(3),
            64 << 10,
            512 << 10,
            256 << 10,
            256 << 10,
            Duration.ofDays(1), // its commands come all day and night
            "move its folder away and end its agent, then it is filled from the other voters");

    /** The UDP ports that a member uses on its host's address. */
    public List<Integer> ports() {
        return endpoints().ports();
    }

    Endpoints endpoints() {
        return new Endpoints(firstPort);
    }
}
