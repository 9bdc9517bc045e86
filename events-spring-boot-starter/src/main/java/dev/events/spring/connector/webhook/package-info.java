/**
 * Connector for webhooks: signed as Standard Webhooks says, and kept away from private
 * networks.
 */
@NullMarked
package dev.events.spring.connector.webhook;

import org.jspecify.annotations.NullMarked;
