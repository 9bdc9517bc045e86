/**
 * Encryption of event data between the codec and the store. What is to be encrypted, and
 * with which keys, is said by {@link dev.events.encryption.EncryptionSettings};
 * {@link dev.events.encryption.EventEncryption} does it;
 * {@link dev.events.encryption.EventKeyProvider} is where keys come from.
 */
@NullMarked
package dev.events.encryption;

import org.jspecify.annotations.NullMarked;
