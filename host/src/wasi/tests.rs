use std::time::{Duration, Instant};

use super::*;

#[test]
fn a_wait_ends_when_it_is_ready_or_when_the_alarm_rings() {
    let alarm = Alarm::default();
    assert_eq!(alarm.wait(async { 3 }).unwrap(), 3);
    let sleep = |duration| alarm.wait(async move { tokio::time::sleep(duration).await });
    sleep(Duration::from_millis(5)).unwrap();

    let start = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(20));
            alarm.ring();
        });
        assert!(sleep(Duration::from_secs(60)).is_err());
    });
    assert!(start.elapsed() < Duration::from_secs(30));
    assert!(
        alarm.wait(async {}).is_err(),
        "and nothing can be waited for any more"
    );
}

#[test]
fn a_thread_that_drives_async_tasks_can_wait() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        Alarm::default()
            .wait(async { tokio::time::sleep(Duration::from_millis(5)).await })
            .unwrap();
    });
}

fn rules(connect: &[&str], listen: &[&str]) -> Rules {
    let read = |texts: &[&str]| {
        let patterns = texts
            .iter()
            .map(|text| Pattern::read(text, false).unwrap().0);
        patterns.collect()
    };
    Rules {
        connect: read(connect),
        listen: read(listen),
    }
}

#[test]
fn an_address_is_used_for_what_it_was_granted_for_only() {
    use SocketAddrUse::{TcpBind, TcpConnect, TcpListen, UdpBind, UdpReceive, UdpSend};
    let at = |text: &str| text.parse::<SocketAddr>().unwrap();
    let there = at("192.0.2.7:443");

    let none = rules(&[], &[]);
    for used_for in [TcpBind, TcpConnect, TcpListen, UdpBind, UdpReceive, UdpSend] {
        assert!(!none.allow(there, used_for), "{used_for:?}");
        // Having a socket is nothing; using it is.
        let is_bind = matches!(used_for, TcpBind | UdpBind);
        assert_eq!(
            none.allow(at("0.0.0.0:0"), used_for),
            is_bind,
            "{used_for:?}"
        );
    }
    let connects = rules(&["192.0.2.7:443"], &[]);
    assert!(connects.allow(there, TcpConnect) && connects.allow(there, UdpSend));
    assert!(connects.allow(at("0.0.0.0:0"), TcpBind), "to connect from");
    assert!(!connects.allow(at("0.0.0.0:8080"), TcpBind));
    assert!(!connects.allow(at("0.0.0.0:40000"), TcpListen));
    assert!(!connects.allow(at("192.0.2.8:443"), UdpReceive));

    let listens = rules(&[], &["127.0.0.1:0", "127.0.0.1:8080"]);
    assert!(
        listens.allow(at("127.0.0.1:0"), TcpBind) && listens.allow(at("127.0.0.1:8080"), TcpBind)
    );
    assert!(
        listens.allow(at("127.0.0.1:40000"), TcpListen),
        "the system chose it"
    );
    assert!(
        !listens.allow(at("127.0.0.1:40000"), TcpBind),
        "the plugin chose it"
    );
    assert!(!listens.allow(at("0.0.0.0:8080"), TcpBind) && !listens.allow(there, TcpConnect));
}
