package dev.holdfast.exchange;

import tools.jackson.databind.node.ObjectNode;

/**
 * An order changed; clients are told by ticker and postback once the change is on disk.
 *
 * @param status COMPLETE, REJECTED, CANCELLED or UPDATE; OPEN for a new resting order, which postbacks leave out
 */
record OrderNotice(String status, ObjectNode row) {}
