# A captured message.
message-parsed = Message
message-original = Original
message-headers = Headers
message-authenticity = Authenticity
message-body = Message body
message-original-title = As it arrived
message-captured = How it came here
message-thread = Same conversation
message-evidence = Evidence of this message
header-name = Field
header-value = Value
