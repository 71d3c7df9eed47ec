# SPDX-License-Identifier: Apache-2.0
"""Names of the demo's seed data, in both languages. Generic words only: nobody and nothing real."""

TOWNS = {
    "鼓楼街道": "Gulou", "果园街道": "Guoyuan", "檀营地区": "Tanying", "密云镇": "Miyun", "溪翁庄镇": "Xiwengzhuang",
    "西田各庄镇": "Xitiangezhuang", "十里堡镇": "Shilipu", "河南寨镇": "Henanzhai", "巨各庄镇": "Jugezhuang",
    "穆家峪镇": "Mujiayu", "太师屯镇": "Taishitun", "高岭镇": "Gaoling", "不老屯镇": "Bulaotun", "冯家峪镇": "Fengjiayu",
    "古北口镇": "Gubeikou", "大城子镇": "Dachengzi", "东邵渠镇": "Dongshaoqu", "北庄镇": "Beizhuang",
    "新城子镇": "Xinchengzi", "石城镇": "Shicheng",
}
RIVERS = {"潮河": "Chao He", "白河": "Bai He", "潮白河": "Chaobai He", "清水河": "Qingshui He", "安达木河": "Andamu He",
          "红门川河": "Hongmenchuan He", "白马关河": "Baimaguan He"}
RESERVOIRS = {"密云水库": "Miyun reservoir", "沙厂水库": "Shachang reservoir", "遥桥峪水库": "Yaoqiaoyu reservoir",
              "半城子水库": "Banchengzi reservoir"}
DEPARTMENTS = [("水务", "water"), ("园林绿化", "forestry"), ("住建", "construction"), ("交通", "transport"), ("卫生", "health"),
               ("公安", "police"), ("城管", "city services"), ("电力", "power"), ("通信", "communications"), ("燃气", "gas"),
               ("供热", "heating"), ("环卫", "sanitation"), ("地质", "geology"), ("气象", "weather"), ("教育", "education"),
               ("民政", "civil affairs"), ("农业", "agriculture"), ("旅游", "tourism")]


def team_name(kind, town, index, branch):
    short = TOWNS[town]
    if kind == "military":
        return {"zh": f"驻地应急分队{index:02d}", "en": f"garrison unit {index:02d}"}
    if kind == "departmental":
        return {"zh": f"{branch[0]}抢险{index:02d}队", "en": f"{branch[1]} crew {index:02d}"}
    if kind == "forest_fire":
        return {"zh": "区森林消防大队", "en": "district forest fire brigade"}
    if kind == "special":
        return {"zh": "区特勤大队", "en": "district special brigade"}
    if kind == "fire_station":
        return {"zh": f"{town[:-1] if town.endswith('镇') else town[:2]}消防救援站", "en": f"{short} fire station"}
    return {"zh": f"{town}应急{index:02d}队", "en": f"{short} town crew {index:02d}"}


PIECE, SET, UNIT, BOX = ("件", "pcs"), ("套", "sets"), ("台", "units"), ("箱", "boxes")
# category, unit, zh, en; the first 30 are what every town keeps
ITEMS = [
    ("flood", UNIT, "排水泵", "drainage pump"), ("flood", UNIT, "移动泵车", "pump truck"), ("flood", ("条", "bags"), "编织袋", "sandbag"),
    ("flood", PIECE, "救生衣", "life jacket"), ("flood", PIECE, "救生圈", "life ring"), ("flood", UNIT, "橡皮艇", "rubber boat"),
    ("flood", ("立方米", "m³"), "块石", "riprap"), ("flood", ("平方米", "m²"), "土工布", "geotextile"), ("fire", UNIT, "风力灭火机", "leaf blower"),
    ("fire", PIECE, "二号工具", "fire swatter"), ("fire", UNIT, "灭火水枪", "backpack pump"), ("fire", SET, "防火服", "fire suit"),
    ("fire", UNIT, "油锯", "chain saw"), ("fire", PIECE, "灭火弹", "fire grenade"), ("shelter", ("顶", "tents"), "帐篷", "tent"),
    ("shelter", PIECE, "折叠床", "camp bed"), ("shelter", PIECE, "棉被", "quilt"), ("shelter", PIECE, "棉大衣", "winter coat"),
    ("shelter", PIECE, "睡袋", "sleeping bag"), ("shelter", PIECE, "毛毯", "blanket"), ("life", BOX, "方便食品", "ready meals"),
    ("life", BOX, "饮用水", "drinking water"), ("life", SET, "炊具", "cooking set"), ("power", UNIT, "发电机", "generator"),
    ("power", UNIT, "移动照明灯", "light tower"), ("power", PIECE, "手电筒", "torch"), ("tool", PIECE, "铁锹", "shovel"),
    ("tool", PIECE, "镐", "pickaxe"), ("tool", PIECE, "安全绳", "safety rope"), ("medical", BOX, "急救包", "first aid kit"),
    ("medical", PIECE, "担架", "stretcher"), ("medical", BOX, "消毒液", "disinfectant"), ("medical", BOX, "口罩", "masks"),
    ("medical", SET, "防护服", "protective suit"), ("tool", UNIT, "液压剪", "hydraulic cutter"), ("tool", UNIT, "千斤顶", "jack"),
    ("tool", PIECE, "撬棍", "crowbar"), ("tool", UNIT, "破碎锤", "breaker"), ("tool", SET, "攀登装备", "climbing kit"),
    ("tool", PIECE, "警戒带", "barrier tape"), ("signal", UNIT, "对讲机", "radio"), ("signal", UNIT, "卫星电话", "satellite phone"),
    ("signal", PIECE, "扩音器", "megaphone"), ("signal", UNIT, "铜锣", "gong"), ("signal", UNIT, "手摇警报器", "hand siren"),
    ("signal", UNIT, "无人机", "drone"), ("power", ("米", "m"), "电缆", "cable"), ("power", ("桶", "cans"), "汽油", "petrol"),
    ("power", ("桶", "cans"), "柴油", "diesel"), ("flood", ("米", "m"), "水带", "hose"), ("flood", PIECE, "铁丝笼", "gabion"),
    ("flood", ("捆", "rolls"), "铅丝", "wire"), ("flood", PIECE, "木桩", "timber pile"), ("flood", ("平方米", "m²"), "防水布", "tarpaulin"),
    ("fire", PIECE, "灭火拖把", "fire mop"), ("fire", PIECE, "点火器", "drip torch"), ("fire", UNIT, "水泵", "fire pump"),
    ("fire", PIECE, "水囊", "water bag"), ("snow", ("吨", "t"), "融雪剂", "de-icing salt"), ("snow", UNIT, "除雪机", "snow blower"),
]
