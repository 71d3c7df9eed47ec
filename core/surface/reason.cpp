// SPDX-License-Identifier: Apache-2.0
// The words that tiles and the status use for reasons and states.
#include "core/surface/link.h"

namespace bw::surface {

ReasonWords reason_words(Reason reason) {
    switch (reason) {
        case Reason::none:
            return {"none", "", ""};
        case Reason::connect_failed:
            return {"connect_failed", "连接失败", "cannot connect"};
        case Reason::not_found:
            return {"not_found", "地址不存在", "address not found"};
        case Reason::unauthorised:
            return {"unauthorised", "认证失败", "not authorised"};
        case Reason::stalled:
            return {"stalled", "画面中断", "no pictures arrive"};
        case Reason::ended:
            return {"ended", "信号结束", "the stream ended"};
        case Reason::no_decoder:
            return {"no_decoder", "无法解码", "no decoder for this stream"};
        case Reason::bad_stream:
            return {"bad_stream", "码流错误", "the stream is damaged"};
        case Reason::unknown_source:
            return {"unknown_source", "未知信号源", "unknown source"};
        case Reason::panel_missing:
            return {"panel_missing", "面板不存在", "no such panel"};
        case Reason::panel_failed:
            return {"panel_failed", "面板出错", "the panel failed"};
        case Reason::bad_settings:
            return {"bad_settings", "设置有误", "faulty settings"};
        case Reason::process_gone:
            return {"process_gone", "进程已退出", "its process is gone"};
        case Reason::panel_hung:
            return {"panel_hung", "面板无响应", "the panel does not respond"};
        case Reason::quarantined:
            return {"quarantined", "反复崩溃，已停用", "crashed too often, stopped"};
        case Reason::bad_address:
            return {"bad_address", "地址格式不支持", "this kind of address is not known"};
        case Reason::need_plugins_base:
            return {"need_plugins_base", "请安装 gstreamer1.0-plugins-base",
                    "install gstreamer1.0-plugins-base"};
        case Reason::need_plugins_good:
            return {"need_plugins_good", "请安装 gstreamer1.0-plugins-good",
                    "install gstreamer1.0-plugins-good"};
        case Reason::need_plugins_bad:
            return {"need_plugins_bad", "请安装 gstreamer1.0-plugins-bad",
                    "install gstreamer1.0-plugins-bad"};
        case Reason::unchanged:
            return {"unchanged", "画面长时间不变", "the pictures do not change"};
        case Reason::no_recording:
            return {"no_recording", "无录像", "no recording"};
        case Reason::need_wpe:
            return {"need_wpe", "请安装 gstreamer1.0-wpe", "install gstreamer1.0-wpe"};
        case Reason::need_libav:
            return {"need_libav", "请安装 gstreamer1.0-libav", "install gstreamer1.0-libav"};
    }
    // A hostile producer may write any number.
    return {"unknown", "原因不明", "unknown reason"};
}

const char* source_state_word(SourceState state) {
    switch (state) {
        case SourceState::none:
            return "none";
        case SourceState::idle:
            return "idle";
        case SourceState::connecting:
            return "connecting";
        case SourceState::waiting:
            return "waiting";
        case SourceState::playing:
            return "playing";
        case SourceState::late:
            return "late";
        case SourceState::frozen:
            return "frozen";
        case SourceState::lost:
            return "lost";
        case SourceState::failed:
            return "failed";
        case SourceState::unauthorised:
            return "unauthorised";
    }
    return "failed";
}

}  // namespace bw::surface
