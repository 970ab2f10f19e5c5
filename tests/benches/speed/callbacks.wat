;; The floor of callbacks: `run` calls the host as often as it is told, always with the same bytes, and reads no answer.
(component
  (import "locum:plugin/objects@0.1.0" (instance $host
    (type $object-ref' (variant (case "yours" u64) (case "mine" u64)))
    (export "object-ref" (type $object-ref (eq $object-ref')))
    (type $attachments' (record (field "objects" (list $object-ref)) (field "buffers" (list (list u8)))))
    (export "attachments" (type $attachments (eq $attachments')))
    (type $parcel' (record (field "item" (list u8)) (field "attachments" (option $attachments))))
    (export "parcel" (type $parcel (eq $parcel')))
    (type $reply-mode' (enum "auto" "value" "proxy"))
    (export "reply-mode" (type $reply-mode (eq $reply-mode')))
    (type $fault' (record (field "kind" string) (field "type-name" string) (field "message" string)
      (field "trace" (list string)) (field "data" (option (list u8)))))
    (export "fault" (type $fault (eq $fault')))
    (export "call" (func (param "target" u64) (param "path" string) (param "args" $parcel) (param "reply" $reply-mode)
      (result (result $parcel (error $fault)))))))
  (core module $libc
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8192)))
  (core instance $libc (instantiate $libc))
  (core func $call
    (canon lower (func $host "call") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core module $main
    (import "libc" "memory" (memory 1))
    (import "host" "call" (func $call (param i64 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
    (func (export "run") (param $times i32)
      (block $end
        (loop $again
          (br_if $end (i32.eqz (local.get $times)))
          (call $call
            (i64.const 16777217)
            ;; path, item, no attachments, reply mode, where the answer goes
            (i32.const 64) (i32.const 0)
            (i32.const 64) (i32.const 3)
            (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
            (i32.const 0)
            (i32.const 1024))
          (local.set $times (i32.sub (local.get $times) (i32.const 1)))
          (br $again))))
    (data (i32.const 64) "\81\81\01"))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "host" (instance (export "call" (func $call))))))
  (func (export "run") (param "times" u32) (canon lift (core func $main "run"))))
