/* SPDX-License-Identifier: MIT */
package org.peerwire.message;

/**
 * A range of hashes in one layer of a file's tree: the body of hash request, hashes and hash reject (BEP 52). The
 * fields are the 32-bit unsigned numbers of the wire, bit for bit.
 *
 * @param root the root of the file's tree
 * @param baseLayer the layer of the requested hashes; 0 is the layer of the 16 KiB blocks
 * @param index the index of the first hash in that layer, a multiple of {@code length}
 * @param length the number of hashes, a power of two from 2 to 512
 * @param proofLayers the number of layers above the base layer that are requested as proof
 */
public record HashRange(MerkleRoot root, int baseLayer, int index, int length, int proofLayers) {}
