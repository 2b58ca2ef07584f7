package dev.holdfast.broker;

import dev.holdfast.broker.OrderSender.Parts;
import dev.holdfast.protocol.Event;

/** Gateways of which one safeguard is taken away, for the simulator to find out. */
public final class UnsafeGateways {

    private UnsafeGateways() {}

    /** Takes a request that it read before for a new one. */
    public static GatewayCore forgetful(GatewayCore.Identity identity, GatewayCore.World world) {
        return new GatewayCore(identity, world, Forgetful::new);
    }

    /** Sends whether or not it still may. */
    public static GatewayCore withoutLease(GatewayCore.Identity identity, GatewayCore.World world) {
        return new GatewayCore(identity, world, WithoutLease::new);
    }

    /** Sends however late it is. */
    public static GatewayCore neverTooLate(GatewayCore.Identity identity, GatewayCore.World world) {
        return new GatewayCore(identity, world, NeverTooLate::new);
    }

    private static final class Forgetful extends OrderSender {
        Forgetful(Parts parts) {
            super(parts);
        }

        @Override
        boolean wasTaken(long sendNumber) {
            return false;
        }
    }

    private static final class WithoutLease extends OrderSender {
        WithoutLease(Parts parts) {
            super(parts);
        }

        @Override
        boolean leaseHeld(long epoch) {
            return true;
        }
    }

    private static final class NeverTooLate extends OrderSender {
        NeverTooLate(Parts parts) {
            super(parts);
        }

        @Override
        boolean tooLate(Event.SendRequested event, long readNanos) {
            return false;
        }
    }
}
