/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

/**
 * A run of hashes of one layer of a file's tree: the body that hash request, hashes and hash reject share (BEP 52).
 * Fields are the wire's 32-bit unsigned numbers, bit for bit.
 *
 * @param root which file
 * @param baseLayer the layer of the hashes asked for; 0 is the 16 KiB blocks
 * @param index first hash in that layer, a multiple of {@code length}
 * @param length how many hashes, a power of two from 2 to 512
 * @param proofLayers how many layers above the base layer are asked for as proof
 */
public record HashRange(MerkleRoot root, int baseLayer, int index, int length, int proofLayers) {}
