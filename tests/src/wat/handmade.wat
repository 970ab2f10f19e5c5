;; A plugin without an SDK: it has the contract's types and functions, and answers what lies in its memory. The words in
;; double braces are filled in by `handmade.rs`.
(component
  (core module $m
    (memory (export "memory") {{pages}})
    {{core}}
    ;; What comes in all goes to one place, since nobody reads it.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8192))
    (func (export "import-module") (param i32 i32) (result i32) (i32.const 0))
    (func (export "get-attr") (param i64 i32 i32 i32) (result i32) (i32.const 64))
    (func (export "set-attr") (param i64 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (i32.const 512))
    (func (export "call") (param i64 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (i32.const 64))
    (func (export "transfer") (param i32 i32 i32 i32 i32 i32 i32) (result i32) (i32.const 0))
    (func (export "release") (param i32 i32))
    (func (export "describe") (param i64) (result i32) {{in_describe}} (i32.const 64))
    (func (export "close"))
    (data (i32.const 8) "{{handle}}")
    (data (i32.const 64) "{{answer}}")
    (data (i32.const {{DATA}}) "{{data}}"))
  {{around}}
  (core instance $i (instantiate $m))

  (type $object-ref' (variant (case "yours" u64) (case "mine" u64)))
  (export $object-ref "object-ref" (type $object-ref'))
  (type $attachments' (record (field "objects" (list $object-ref)) (field "buffers" (list (list u8)))))
  (export $attachments "attachments" (type $attachments'))
  (type $parcel' (record (field "item" (list u8)) (field "attachments" (option $attachments))))
  (export $parcel "parcel" (type $parcel'))
  (type $reply-mode' (enum "auto" "value" "proxy"))
  (export $reply-mode "reply-mode" (type $reply-mode'))
  (type $fault' (record (field "kind" string) (field "type-name" string) (field "message" string)
    (field "trace" (list string)) (field "data" (option (list u8)))))
  (export $fault "fault" (type $fault'))
  (type $released' (record (field "target" u64) (field "count" u32)))
  (export $released "released" (type $released'))

  (func $import-module (param "name" string) (result (result u64 (error $fault))) (canon lift (core func $i "import-module") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (func $get-attr (param "target" u64) (param "path" string) (param "reply" $reply-mode) (result (result $parcel (error $fault)))
    (canon lift (core func $i "get-attr") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (func $set-attr (param "target" u64) (param "path" string) (param "value" $parcel) (result (result (error $fault)))
    (canon lift (core func $i "set-attr") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (func $call (param "target" u64) (param "path" string) (param "args" $parcel) (param "reply" $reply-mode) (result (result $parcel (error $fault)))
    (canon lift (core func $i "call") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (func $transfer (param "value" $parcel) (result (result u64 (error $fault))) (canon lift (core func $i "transfer") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (func $release (param "released" (list $released)) (canon lift (core func $i "release") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (func $describe (param "target" u64) (result (result $parcel (error $fault))) (canon lift (core func $i "describe") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (func $close (canon lift (core func $i "close")))
  (instance $objects
    (export "import-module" (func $import-module)) (export "get-attr" (func $get-attr))
    (export "set-attr" (func $set-attr)) (export "call" (func $call)) (export "transfer" (func $transfer))
    (export "release" (func $release)) (export "describe" (func $describe)) (export "close" (func $close)))
  (export "locum:plugin/objects@0.1.0" (instance $objects)))
