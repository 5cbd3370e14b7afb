// The real one needs a native library. Nothing here speaks WebRTC, but webtorrent does not start without these names.
export class RTCPeerConnection {}
export class RTCSessionDescription {}
export class RTCIceCandidate {}
export default { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate }
