/* SPDX-License-Identifier: MIT */
/** An application of every module of Peerwire. */
module org.peerwire.modular {
    requires org.peerwire.metadata;
    requires org.peerwire.pex;
    requires org.peerwire.test;
}
